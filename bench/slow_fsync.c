// Preloaded by bench/run: each fsync and fdatasync takes BENCH_FSYNC_US microseconds longer, as on
// a disk that writes before it answers. Virtual disks often answer from a cache.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char* name, int file) {
  int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  const int result = sync(file);
  const char* text = getenv("BENCH_FSYNC_US");
  const long us = text ? atol(text) : 0;
  const struct timespec pause = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&pause, NULL);
  return result;
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }

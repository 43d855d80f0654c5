#include "documents/confine.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace beian::documents {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BEIAN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BEIAN_SANITIZED 1
#endif
#endif

#if defined(BEIAN_SANITIZED)

bool confine_to_decoding(std::size_t) { return true; }

#else

namespace {

#if defined(__x86_64__)
constexpr unsigned k_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned k_architecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned k_architecture = 0;
#endif

constexpr int k_allowed[] = {
    SYS_read,
    SYS_write,
    SYS_exit,
    SYS_exit_group,
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_futex,
    SYS_rt_sigreturn,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_clock_gettime,
    SYS_gettid,
    SYS_getpid,
    SYS_tgkill,
    SYS_setitimer,
    SYS_getrandom,
    SYS_restart_syscall,
    SYS_sched_yield,
};

bool limit(__rlimit_resource resource, rlim_t value) {
  const rlimit both{value, value};
  return setrlimit(resource, &both) == 0;
}

bool filter_system_calls() {
  if (k_architecture == 0) return false;
  const auto jump = [](unsigned value, unsigned char skip_if_not) {
    return sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip_if_not);
  };
  std::vector<sock_filter> rules = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k_architecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (int call : k_allowed) {
    rules.push_back(jump(static_cast<unsigned>(call), 1));
    rules.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  rules.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  const sock_fprog program{static_cast<unsigned short>(rules.size()), rules.data()};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

bool confine_to_decoding(std::size_t memory) {
  bool all = limit(RLIMIT_AS, memory);
  all = limit(RLIMIT_CORE, 0) && all;
  all = limit(RLIMIT_FSIZE, 0) && all;
  all = limit(RLIMIT_NOFILE, 3) && all;
  all = prctl(PR_SET_DUMPABLE, 0) == 0 && all;
  all = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && all;
  return filter_system_calls() && all;
}

#endif

}  // namespace beian::documents

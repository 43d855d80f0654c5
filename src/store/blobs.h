// Sealed files on disk: uploaded pictures. A file is written whole, synced and renamed before the
// transaction that refers to it, so a row never points to half a file; a file without a row is
// swept.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/crypto.h"

namespace beian::store {

// Thread-safe.
class Blobs {
 public:
  // `folder` is made when absent. Throws std::runtime_error when it cannot be written.
  Blobs(std::string folder, const Keyring& keys);

  // Seals and stores `bytes` under a new random name. Throws DbError{full} when the disk is full.
  std::string put(const std::string& bytes) const;
  // Throws std::runtime_error when it is missing or was changed.
  std::string get(const std::string& name) const;
  void remove(const std::string& name) const;
  // Removes files older than `before` for which `is_used` says no. Returns how many.
  int sweep(Millis before, const std::function<bool(const std::string&)>& is_used) const;
  // Seals up to `limit` files again that are not sealed with the active key; 0: none is left.
  int reseal(int limit) const;

 private:
  std::string path_of(const std::string& name) const;
  std::string folder_;
  const Keyring& keys_;
};

}  // namespace beian::store

// Notices that a thread, inside a read or write of a Db, begins another of the same Db.
#pragma once

namespace beian {

class Db;

class InUse {
 public:
  explicit InUse(const Db* db);  // throws std::logic_error when this thread is already inside
  ~InUse();
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  const Db* db_;
  InUse* outer_;
};

}  // namespace beian

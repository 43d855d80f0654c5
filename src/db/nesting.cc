#include "db/nesting.h"

#include <stdexcept>

namespace beian {
namespace {

thread_local InUse* t_innermost = nullptr;

}  // namespace

InUse::InUse(const Db* db) : db_(db), outer_(t_innermost) {
  for (const InUse* frame = outer_; frame != nullptr; frame = frame->outer_) {
    if (frame->db_ == db) {
      throw std::logic_error("a read or write was begun inside another of the same database");
    }
  }
  t_innermost = this;
}

InUse::~InUse() { t_innermost = outer_; }

}  // namespace beian

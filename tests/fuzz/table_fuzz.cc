// Uploaded tables: whatever the bytes, what is read is within bounds, valid text, rows in order.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "documents/table_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beian::documents;
  TableLimits limits;
  limits.rows = 200;
  limits.columns = 30;
  limits.part_bytes = 1u << 20;
  limits.marks = 20'000;
  const auto outcome = read_table({reinterpret_cast<const char*>(data), size}, limits);
  if (!outcome.table) {
    if (outcome.problems.empty()) std::abort();
    return 0;
  }
  std::size_t last = 0;
  for (const TableRow& row : outcome.table->rows) {
    if (row.number <= last || row.cells.empty() || row.cells.size() > limits.columns) std::abort();
    last = row.number;
    for (const std::string& cell : row.cells)
      if (cell.size() > limits.cell_bytes || !beian::is_utf8(cell)) std::abort();
  }
  return 0;
}

// The child's side of documents/inspector.h.
#include <malloc.h>

#include <opencv2/core/utility.hpp>
#include <string>

#include "base/log.h"
#include "documents/confine.h"
#include "documents/inspection_wire.h"
#include "documents/inspector.h"

namespace beian::documents {
namespace {

constexpr int k_processor_seconds = 20;

// Address space: about 350 MB of libraries, language data and cascade, and what a page of 2560
// pixels takes while it is looked at.
constexpr std::size_t k_memory = 1u << 30;

std::string answer(const std::string& message, const Tools& tools) {
  Inspection nothing;
  nothing.could_read = tools.reader != nullptr;
  try {
    if (const auto question = unpack_question(message))
      return pack_inspection(inspect(question->request, question->thresholds, tools));
  } catch (const std::exception&) {  // out of the memory this process may have
  }
  return pack_inspection(nothing);
}

}  // namespace

int inspector_main() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  cv::setNumThreads(0);
  const auto reader = load_reader();
  const auto faces = load_face_finder();
  if (!reader) log_warn("reading_not_installed", {{"needs", "tesseract-ocr-chi-sim, -eng"}});
  if (!faces) log_warn("faces_not_installed", {{"needs", "opencv-data"}});
  if (!confine_to_decoding(k_memory)) log_warn("inspector_partly_confined");
  const Tools tools{reader.get(), faces.get()};
  serve_parent(
      [&](const std::string& message) {
        std::string packed = answer(message, tools);
        malloc_trim(0);
        return packed;
      },
      k_processor_seconds);
  return 0;
}

}  // namespace beian::documents

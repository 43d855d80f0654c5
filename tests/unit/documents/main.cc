// The test program is also the children that ImageWorker and Inspector start.
#include <gtest/gtest.h>

#include <cstring>

#include "documents/child.h"
#include "documents/inspector.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], beian::documents::k_image_worker_argument) == 0) {
    return beian::documents::image_worker_main();
  }
  if (argc > 1 && std::strcmp(argv[1], beian::documents::k_inspector_argument) == 0) {
    return beian::documents::inspector_main();
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

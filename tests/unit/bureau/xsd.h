// Runs xmllint with the ministry's schemas, which stay outside the repository (BEIAN_XSD_DIR).
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace beian::bureau::xsd {

inline std::string folder() {
  const char* named = std::getenv("BEIAN_XSD_DIR");
  return named != nullptr ? named : std::string(BEIAN_ROOT) + "/../shared/ministry-xsd";
}
inline const std::string k_upload = "企业上报数据格式.xsd";
inline const std::string k_download = "企业下载数据格式.xsd";

inline bool present() {
  return std::filesystem::exists(folder() + "/" + k_upload) &&
         std::system("xmllint --version >/dev/null 2>&1") == 0;
}

struct Verdict {
  bool valid = false;
  std::string words;
};

// One verdict for each document. xmllint reads the schema once for all of them.
inline std::vector<Verdict> validate(const std::vector<std::string>& documents,
                                     const std::string& schema) {
  std::string name = "/tmp/beian-xsd-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  std::ofstream list(name + "/list");
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const std::string file = name + "/" + std::to_string(i) + ".xml";
    std::ofstream(file, std::ios::binary) << documents[i];
    list << file << "\n";
  }
  list.close();
  const std::string command =
      "xargs -a " + name + "/list xmllint --noout --schema '" + folder() + "/" + schema + "' 2>&1";
  std::vector<Verdict> verdicts(documents.size());
  {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
      const std::string text = line.data();
      if (!text.starts_with(name + "/")) continue;
      const auto index = static_cast<std::size_t>(std::atoi(text.c_str() + name.size() + 1));
      if (index >= verdicts.size()) continue;
      if (text.ends_with(" validates\n")) verdicts[index].valid = true;
      verdicts[index].words += text;
    }
  }
  std::filesystem::remove_all(name);
  return verdicts;
}

#define BEIAN_NEEDS_XSD()                                                                     \
  if (!::beian::bureau::xsd::present()) {                                                     \
    GTEST_SKIP() << "the ministry's schemas or xmllint are absent; BEIAN_XSD_DIR names them"; \
  }

}  // namespace beian::bureau::xsd

// Papers that people print, sign and seal, as PDF: made here, and known again by the code in the
// corner when the signed copy is uploaded.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace beian::documents {

struct SheetTable {
  std::string title;
  std::vector<std::pair<std::string, std::string>> rows;  // label, value
};

struct Sheet {
  std::string title;
  std::string number;                // beside the code, so that people can tell two prints apart
  std::string code;                  // what the QR code says; ASCII
  std::vector<std::string> opening;  // paragraphs before the tables
  std::vector<SheetTable> tables;
  std::vector<std::string> closing;     // paragraphs after them
  std::vector<std::string> signatures;  // "负责人签字", each with a line to write on
  std::string seal;                     // words in the box for the seal; empty: none
  std::string watermark;                // slanted over every page; empty: none
  std::string footer;
};

// A4, embedded subset of the fonts, as many pages as it takes. Texts that do not fit are wrapped.
std::string draw_sheet(const Sheet& sheet);

// A JPEG with `words` slanted over it, again and again, pale enough to read through. Nothing when
// the bytes are no JPEG that decode() opens.
std::string watermark_jpeg(const std::string& jpeg, const std::string& words);

}  // namespace beian::documents

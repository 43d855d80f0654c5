// Pictures made for the tests, byte by byte where a property of the file matters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "documents/image.h"

namespace beian::documents {

// Left half red, right half blue, the upper left quarter white: no two turnings look alike.
Image make_asymmetric(int width, int height);
// Repeatable noise, the hardest picture to compress.
Image make_noise(int width, int height);

// "Exif\0\0" and a TIFF with the orientation tag and, in a GPS block, the marker text k_gps.
inline constexpr std::string_view k_gps = "30N120E-hangzhou";
std::string make_exif(int orientation, bool little_endian = false);
// Puts an APP1 segment with `exif` behind the start marker of a JPEG.
std::string with_exif(const std::string& jpeg, const std::string& exif);

struct PngForm {
  int bit_depth = 8;
  bool alpha = false;  // then the right half is wholly transparent black
  bool interlaced = false;
  bool palette = false;
  std::string exif = {};  // TIFF bytes for an eXIf chunk
};
std::string make_png(const Image& image, const PngForm& form);
// Only signature and IHDR claiming this size, then a little compressed nothing.
std::string make_png_bomb(std::uint32_t width, std::uint32_t height);
// A complete JPEG whose frame header claims another size.
std::string with_claimed_size(std::string jpeg, int width, int height);
std::string make_webp(const Image& image, bool lossless);

// Mean squared difference a sample, as decibels of peak signal to noise.
double psnr(const Image& one, const Image& other);
// 0xRRGGBB
std::uint32_t pixel(const Image& image, int x, int y);
bool near(std::uint32_t one, std::uint32_t other, int tolerance);

}  // namespace beian::documents

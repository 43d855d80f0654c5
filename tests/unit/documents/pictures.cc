#include "pictures.h"

#include <png.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace beian::documents {
namespace {

std::string big_endian(std::uint32_t value, int width) {
  std::string bytes;
  for (int i = width - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string number(std::uint32_t value, int width, bool little_endian) {
  std::string bytes = big_endian(value, width);
  if (little_endian) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

std::string chunk(std::string_view type, const std::string& data) {
  std::string checked = std::string(type) + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<std::uint32_t>(data.size()), 4) + checked +
         big_endian(static_cast<std::uint32_t>(sum), 4);
}

void append(png_structp png, png_bytep bytes, png_size_t count) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<char*>(bytes), count);
}

// The rows of `image` in the form's samples.
std::vector<std::vector<png_byte>> make_rows(const Image& image, const PngForm& form) {
  std::vector<std::vector<png_byte>> rows;
  for (int y = 0; y < image.height; ++y) {
    std::vector<png_byte>& row = rows.emplace_back();
    for (int x = 0; x < image.width; ++x) {
      const bool clear = form.alpha && x >= image.width / 2;
      if (form.palette) {
        row.push_back(x < image.width / 2 ? 0 : 1);
        continue;
      }
      for (int c = 0; c < 3; ++c) {
        const png_byte value =
            clear ? 0 : image.rgb[(static_cast<std::size_t>(y) * image.width + x) * 3 + c];
        row.insert(row.end(), static_cast<std::size_t>(form.bit_depth / 8), value);
      }
      if (form.alpha)
        row.insert(row.end(), static_cast<std::size_t>(form.bit_depth / 8), clear ? 0 : 255);
    }
  }
  return rows;
}

}  // namespace

Image make_asymmetric(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool left = x < width / 2, corner = left && y < height / 2;
      image.rgb.push_back(left ? 255 : 0);
      image.rgb.push_back(corner ? 255 : 0);
      image.rgb.push_back(corner || !left ? 255 : 0);
    }
  }
  return image;
}

Image make_noise(int width, int height) {
  Image image{width, height, {}};
  std::uint32_t state = 12345;
  for (int i = 0; i < width * height * 3; ++i) {
    state = state * 1664525u + 1013904223u;
    image.rgb.push_back(static_cast<std::uint8_t>(state >> 24));
  }
  return image;
}

std::string make_exif(int orientation, bool little_endian) {
  const auto put = [&](std::uint32_t value, int width) {
    return number(value, width, little_endian);
  };
  std::string tiff = little_endian ? "II" : "MM";
  tiff += put(42, 2) + put(8, 4) + put(2, 2);  // header, then a directory of two entries
  tiff += put(0x0112, 2) + put(3, 2) + put(1, 4) + put(static_cast<std::uint32_t>(orientation), 2) +
          put(0, 2);
  const auto text_at = static_cast<std::uint32_t>(8 + 2 + 2 * 12 + 4);
  tiff += put(0x010e, 2) + put(2, 2) + put(static_cast<std::uint32_t>(k_gps.size()), 4) +
          put(text_at, 4);
  tiff += put(0, 4);
  tiff += k_gps;
  return tiff;
}

std::string with_exif(const std::string& jpeg, const std::string& exif) {
  const std::string payload = std::string("Exif\0\0", 6) + exif;
  return jpeg.substr(0, 2) + "\xff\xe1" +
         big_endian(static_cast<std::uint32_t>(payload.size() + 2), 2) + payload + jpeg.substr(2);
}

std::string make_png(const Image& image, const PngForm& form) {
  std::string file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &file, append, nullptr);
  const int colour = form.palette ? PNG_COLOR_TYPE_PALETTE
                     : form.alpha ? PNG_COLOR_TYPE_RGB_ALPHA
                                  : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(png, info, static_cast<png_uint_32>(image.width),
               static_cast<png_uint_32>(image.height), form.bit_depth, colour,
               form.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const png_color colours[2] = {{255, 0, 0}, {0, 0, 255}};
  if (form.palette) png_set_PLTE(png, info, colours, 2);
  png_write_info(png, info);
  if (!form.exif.empty()) file += chunk("eXIf", form.exif);
  std::vector<std::vector<png_byte>> rows = make_rows(image, form);
  std::vector<png_bytep> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  png_write_image(png, pointers.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return file;
}

std::string make_png_bomb(std::uint32_t width, std::uint32_t height) {
  std::string data(64, '\0');
  std::vector<Bytef> packed(256);
  uLongf size = packed.size();
  compress(packed.data(), &size, reinterpret_cast<const Bytef*>(data.data()), data.size());
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR",
               big_endian(width, 4) + big_endian(height, 4) + std::string("\x08\x02\0\0\0", 5)) +
         chunk("IDAT", std::string(reinterpret_cast<char*>(packed.data()), size)) +
         chunk("IEND", "");
}

std::string with_claimed_size(std::string jpeg, int width, int height) {
  const std::size_t frame = jpeg.find("\xff\xc0");
  if (frame == std::string::npos) throw std::logic_error("no baseline frame");
  return jpeg.replace(frame + 5, 4,
                      big_endian(static_cast<std::uint32_t>(height), 2) +
                          big_endian(static_cast<std::uint32_t>(width), 2));
}

std::string make_webp(const Image& image, bool lossless) {
  std::uint8_t* bytes = nullptr;
  const std::size_t size = lossless ? WebPEncodeLosslessRGB(image.rgb.data(), image.width,
                                                            image.height, image.width * 3, &bytes)
                                    : WebPEncodeRGB(image.rgb.data(), image.width, image.height,
                                                    image.width * 3, 90, &bytes);
  std::string file(reinterpret_cast<char*>(bytes), size);
  WebPFree(bytes);
  return file;
}

double psnr(const Image& one, const Image& other) {
  double sum = 0;
  for (std::size_t i = 0; i < one.rgb.size(); ++i) {
    const double difference = one.rgb[i] - other.rgb.at(i);
    sum += difference * difference;
  }
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(one.rgb.size()) / std::max(sum, 1e-9));
}

std::uint32_t pixel(const Image& image, int x, int y) {
  const std::size_t at = (static_cast<std::size_t>(y) * image.width + x) * 3;
  return static_cast<std::uint32_t>(image.rgb.at(at) << 16 | image.rgb.at(at + 1) << 8 |
                                    image.rgb.at(at + 2));
}

bool near(std::uint32_t one, std::uint32_t other, int tolerance) {
  for (int shift : {0, 8, 16}) {
    const int a = one >> shift & 255, b = other >> shift & 255;
    if (std::abs(a - b) > tolerance) return false;
  }
  return true;
}

}  // namespace beian::documents

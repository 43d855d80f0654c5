// JPEG in and out through libjpeg-turbo. Its errors leave by longjmp, so the functions that call
// setjmp own nothing that a destructor would have to release: all state lives in their callers.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include <memory>

#include "documents/decoders.h"

namespace beian::documents {
namespace {

constexpr int k_max_scans = 100;  // a progressive bomb repeats scans; cameras write about ten
// Coefficients of a progressive picture are kept whole; beyond this it is refused.
constexpr long k_max_memory = 256L << 20;

struct Errors : jpeg_error_mgr {
  std::jmp_buf jump;
  bool truncated = false;
  bool damaged = false;
};

Errors& errors_of(j_common_ptr codec) { return *static_cast<Errors*>(codec->err); }

[[noreturn]] void on_error(j_common_ptr codec) { std::longjmp(errors_of(codec).jump, 1); }

// Warnings (level -1) are the library carrying on with grey; here they count as damage, except for
// stray bytes between segments and odd version numbers, which cameras write and nobody sees.
void on_message(j_common_ptr codec, int level) {
  if (level >= 0) return;
  Errors& errors = errors_of(codec);
  switch (errors.msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
      errors.truncated = true;
      break;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
      errors.damaged = true;
      break;
    default:
      break;
  }
}

void on_output(j_common_ptr) {}

void on_progress(j_common_ptr codec) {
  if (!codec->is_decompressor) return;
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > k_max_scans) on_error(codec);
}

void use(Errors& errors) {
  jpeg_std_error(&errors);
  errors.error_exit = on_error;
  errors.emit_message = on_message;
  errors.output_message = on_output;
}

struct Reading {
  jpeg_decompress_struct codec{};
  Errors errors{};
  jpeg_progress_mgr progress{};
  Image pixels;
  std::vector<std::uint8_t> cmyk_row;
  std::optional<Problem> problem;

  Reading() {
    use(errors);
    codec.err = &errors;
  }
  ~Reading() { jpeg_destroy_decompress(&codec); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
};

bool read_header(Reading& reading, std::string_view bytes) {
  if (setjmp(reading.errors.jump) != 0) return false;
  jpeg_create_decompress(&reading.codec);
  reading.codec.mem->max_memory_to_use = k_max_memory;
  reading.progress.progress_monitor = on_progress;
  reading.codec.progress = &reading.progress;
  jpeg_mem_src(&reading.codec, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return jpeg_read_header(&reading.codec, TRUE) == JPEG_HEADER_OK;
}

// The decoder's own scaling (1/2, 1/4, 1/8) averages whole blocks, which is quick and clean.
void choose_scale(jpeg_decompress_struct& codec, int enough_side) {
  const unsigned long_side = std::max(codec.image_width, codec.image_height);
  codec.scale_num = 1;
  codec.scale_denom = 1;
  while (codec.scale_denom < 8 &&
         long_side / (codec.scale_denom * 2) >= static_cast<unsigned>(enough_side)) {
    codec.scale_denom *= 2;
  }
}

bool start(Reading& reading, int enough_side) {
  jpeg_decompress_struct& codec = reading.codec;
  if (setjmp(reading.errors.jump) != 0) return false;
  const bool cmyk = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
  codec.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  choose_scale(codec, enough_side);
  jpeg_start_decompress(&codec);
  return true;
}

// Adobe stores ink inverted: 255 is no ink.
void ink_to_light(const std::vector<std::uint8_t>& cmyk, std::uint8_t* rgb, bool inverted) {
  for (std::size_t i = 0; i + 3 < cmyk.size(); i += 4, rgb += 3) {
    const int black = inverted ? cmyk[i + 3] : 255 - cmyk[i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const int colour = inverted ? cmyk[i + c] : 255 - cmyk[i + c];
      rgb[c] = static_cast<std::uint8_t>(colour * black / 255);
    }
  }
}

bool read_rows(Reading& reading) {
  jpeg_decompress_struct& codec = reading.codec;
  if (setjmp(reading.errors.jump) != 0) return false;
  while (codec.output_scanline < codec.output_height) {
    std::uint8_t* row =
        reading.pixels.rgb.data() + std::size_t{codec.output_scanline} * codec.output_width * 3;
    if (codec.out_color_space == JCS_CMYK) {
      std::uint8_t* ink = reading.cmyk_row.data();
      jpeg_read_scanlines(&codec, &ink, 1);
      ink_to_light(reading.cmyk_row, row, codec.saw_Adobe_marker == TRUE);
    } else {
      jpeg_read_scanlines(&codec, &row, 1);
    }
  }
  jpeg_finish_decompress(&codec);
  return true;
}

struct Writing {
  jpeg_compress_struct codec{};
  Errors errors{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  std::vector<std::uint8_t> grey_row;

  Writing() {
    use(errors);
    codec.err = &errors;
  }
  ~Writing() {
    jpeg_destroy_compress(&codec);
    std::free(bytes);
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
};

void to_grey(const std::uint8_t* rgb, std::vector<std::uint8_t>& grey) {
  for (std::uint8_t& value : grey) {
    value = static_cast<std::uint8_t>((rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114 + 500) / 1000);
    rgb += 3;
  }
}

bool write(Writing& writing, const Image& image, const JpegOptions& options) {
  jpeg_compress_struct& codec = writing.codec;
  if (setjmp(writing.errors.jump) != 0) return false;
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &writing.bytes, &writing.size);
  codec.image_width = static_cast<JDIMENSION>(image.width);
  codec.image_height = static_cast<JDIMENSION>(image.height);
  codec.input_components = options.grey ? 1 : 3;
  codec.in_color_space = options.grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&codec);  // 4:2:0 for colour
  jpeg_set_quality(&codec, options.quality, TRUE);
  codec.optimize_coding = TRUE;
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    const std::uint8_t* pixels =
        image.rgb.data() + std::size_t{codec.next_scanline} * codec.image_width * 3;
    if (options.grey) to_grey(pixels, writing.grey_row);
    // The library does not write through this pointer.
    std::uint8_t* row = options.grey ? writing.grey_row.data() : const_cast<std::uint8_t*>(pixels);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  return true;
}

}  // namespace

RawOrProblem decode_jpeg(std::string_view bytes, const ImageLimits& limits, int enough_side) {
  Reading reading;
  const auto fault = [&] {
    return image_problem(reading.errors.truncated ? "image_truncated" : "image_damaged");
  };
  if (!read_header(reading, bytes)) return fault();
  jpeg_decompress_struct& codec = reading.codec;
  if (auto refused = refuse_by_size(codec.image_width, codec.image_height, limits)) {
    return *refused;
  }
  if (!start(reading, enough_side)) return fault();
  Raw raw;
  raw.source_width = static_cast<int>(codec.image_width);
  raw.source_height = static_cast<int>(codec.image_height);
  reading.pixels.width = static_cast<int>(codec.output_width);
  reading.pixels.height = static_cast<int>(codec.output_height);
  reading.pixels.rgb.resize(std::size_t{codec.output_width} * codec.output_height * 3);
  if (codec.out_color_space == JCS_CMYK)
    reading.cmyk_row.resize(std::size_t{codec.output_width} * 4);
  if (!read_rows(reading) || reading.errors.truncated || reading.errors.damaged) return fault();
  raw.image = std::move(reading.pixels);
  return raw;
}

std::string encode_jpeg(const Image& image, const JpegOptions& options) {
  Writing writing;
  if (options.grey) writing.grey_row.resize(static_cast<std::size_t>(image.width));
  if (!write(writing, image, options)) throw std::bad_alloc();  // its only fault with our input
  return {reinterpret_cast<const char*>(writing.bytes), writing.size};
}

}  // namespace beian::documents

// Limits of the ministry's interface. "V3.0 §…" is 企业系统接口规范 V3.0 (2013-10).
#pragma once

#include <cstddef>
#include <cstdint>

namespace beian::bureau {

// V3.0: one data file per call, at most 50 MB (else 18) and 1000 records.
inline constexpr std::size_t k_max_file_bytes = 50u << 20;
inline constexpr int k_max_records = 1000;

// V3.0: randVal is 20 characters of 0-9a-zA-Z; shorter is refused with 16.
inline constexpr std::size_t k_random_characters = 20;

// V3.0: dataSequence is a 4-byte number, the first is 1.
inline constexpr std::int64_t k_max_sequence = 0x7fffffff;

// V3.0: the uploaded file's name is letters or digits, at most 128 bytes.
inline constexpr std::size_t k_max_file_name = 128;

// V3.0 (attachments and 前置审批 scans). Whether 100 KiB counts before or after base64 is not
// written; who wants to be safe with every bureau stays below three quarters of these.
inline constexpr std::size_t k_max_verification_form_bytes = 150u << 10;
inline constexpr std::size_t k_max_attachment_bytes = 100u << 10;

// Ours, against hostile input. A record has about 100 elements and nests 9 deep; a base64 of 50 MiB
// in a SOAP envelope stays below the message limit.
inline constexpr int k_max_xml_depth = 32;
inline constexpr std::size_t k_max_xml_tags = 1'000'000;
inline constexpr std::size_t k_max_xml_tag_bytes = 64u << 10;  // one tag with its attributes
inline constexpr std::size_t k_max_soap_bytes = 80u << 20;
inline constexpr std::size_t k_max_wsdl_bytes = 1u << 20;

}  // namespace beian::bureau

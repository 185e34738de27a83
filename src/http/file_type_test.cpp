// SPDX-License-Identifier: Apache-2.0
#include "http/file_type.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/test_refusal.h"

namespace interlock::http {
namespace {

using namespace std::string_literals;

std::string type_of_bytes(const std::string& bytes, std::string_view declared = "") {
  FileSniffer sniffer;
  // In pieces, as they come.
  for (std::size_t at = 0; at < bytes.size(); at += 1'000) sniffer.add(std::string_view(bytes).substr(at, 1'000));
  try {
    return std::string(sniffer.finish(declared));
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::file_type);
    return "refused";
  }
}

const auto png = "\x89PNG\r\n\x1a\n"s + std::string(100, '\0');
const auto jpeg = "\xff\xd8\xff\xe0"s + std::string(100, '\0');
const auto pdf = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"s;
const auto archive = "PK\x03\x04"s + std::string(26, '\0');

TEST(FileTypeTest, TheBytesDecide) {
  EXPECT_EQ(type_of_bytes(png), "image/png");
  EXPECT_EQ(type_of_bytes(jpeg), "image/jpeg");
  EXPECT_EQ(type_of_bytes("GIF89a"s + '\0'), "image/gif");
  EXPECT_EQ(type_of_bytes("RIFF\x10\0\0\0WEBPVP8 "s), "image/webp");
  EXPECT_EQ(type_of_bytes(pdf), "application/pdf");
  EXPECT_EQ(type_of_bytes("plain"), "text/plain");
  EXPECT_EQ(type_of_bytes("caf\xe9;1\r\n"s, "text/csv; charset=latin1"), "text/csv");
  EXPECT_EQ(type_of_bytes("a;b\n", "application/vnd.ms-excel"), "text/csv");
  EXPECT_EQ(type_of_bytes("# notes", "text/markdown"), "text/plain");
  EXPECT_EQ(type_of_bytes(png, "application/octet-stream"), "image/png");
}

TEST(FileTypeTest, OfficeFilesAreArchivesWithACertainPart) {
  EXPECT_EQ(type_of_bytes(archive + "a.txt"), "application/zip");
  EXPECT_EQ(type_of_bytes(archive + "[Content_Types].xml" + std::string(80'000, 'x') + "PK\x01\x02word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(type_of_bytes(archive + "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(type_of_bytes(archive + "mimetypeapplication/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text");
  const auto old = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"s;
  EXPECT_EQ(type_of_bytes(old, "application/msword"), "application/msword");
  EXPECT_EQ(type_of_bytes(old, "text/plain"), "application/x-ole-storage");
}

TEST(FileTypeTest, MarkupIsRefusedWhateverItSaysToBe) {
  const auto svg = R"(<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>)";
  for (const auto* declared : {"", "image/png", "text/plain", "image/svg+xml", "application/octet-stream"}) {
    EXPECT_EQ(type_of_bytes(svg, declared), "refused") << declared;
    EXPECT_EQ(type_of_bytes("<!DOCTYPE html><p>x", declared), "refused") << declared;
    EXPECT_EQ(type_of_bytes("\xef\xbb\xbf \n<?xml version='1.0'?>", declared), "refused") << declared;
    EXPECT_EQ(type_of_bytes("GIF first, then <ScRiPt>", declared), "refused") << declared;
  }
  EXPECT_EQ(type_of_bytes("1 < 2 and <3", "text/plain"), "text/plain");
}

TEST(FileTypeTest, AFalseWordIsRefused) {
  EXPECT_EQ(type_of_bytes(jpeg, "image/png"), "refused");
  EXPECT_EQ(type_of_bytes("plain", "application/pdf"), "refused");
  EXPECT_EQ(type_of_bytes(png, "text/html"), "refused");
  EXPECT_EQ(type_of_bytes(png, "IMAGE/PNG"), "image/png");
}

TEST(FileTypeTest, WhatIsUnknownIsRefused) {
  EXPECT_EQ(type_of_bytes("\x7f"
                          "ELF\x02\x01"s),
            "refused");
  EXPECT_EQ(type_of_bytes("MZ\x90\0\x03"s), "refused");
  EXPECT_EQ(type_of_bytes(std::string(5'000, 'a') + '\0'), "refused");
  EXPECT_EQ(type_of_bytes("#!/bin/sh\n\x1b[31m"), "refused");
}

TEST(FileTypeTest, OnlyPicturesAndPdfAreShown) {
  for (const auto* shown : {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}) {
    EXPECT_TRUE(serving_of(shown).inline_shown) << shown;
    EXPECT_EQ(serving_of(shown).content_type, shown);
  }
  for (const auto* saved : {"text/plain", "text/csv", "application/zip", "application/msword"}) {
    EXPECT_FALSE(serving_of(saved).inline_shown) << saved;
    EXPECT_EQ(serving_of(saved).content_type, saved);
  }
  EXPECT_EQ(serving_of("text/html").content_type, "application/octet-stream");
  EXPECT_FALSE(serving_of("text/html").inline_shown);
  EXPECT_NE(serving_of("image/png").policy.find("sandbox"), std::string_view::npos);
}

}  // namespace
}  // namespace interlock::http

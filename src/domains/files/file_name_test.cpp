// SPDX-License-Identifier: Apache-2.0
#include "domains/files/file_name.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/test_texts.h"
#include "base/utf8.h"

namespace interlock::domains {
namespace {

TEST(FileNameTest, OrdinaryNamesStayAsTheyAre) {
  for (const auto* name :
       {"offer.pdf", "Año Nuevo (2).png", "архив.tar.gz", "名前.docx", "a", "no extension", "x~1.txt", "100%.csv"})
    EXPECT_EQ(clean_file_name(name), name);
}

TEST(FileNameTest, PathsAndControlCharactersGo) {
  EXPECT_EQ(clean_file_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(clean_file_name("..\\..\\windows\\win.ini"), "win.ini");
  EXPECT_EQ(clean_file_name("C:\\fakepath\\offer.pdf"), "offer.pdf");
  EXPECT_EQ(clean_file_name("/absolute"), "absolute");
  EXPECT_EQ(clean_file_name(std::string_view("a\0b\r\nc\x7f.txt", 11)), "abc.txt");
  EXPECT_EQ(clean_file_name("in\xe2\x80\xae"
                            "fdp.exe"),
            "infdp.exe");  // would be shown as inexe.pdf
  EXPECT_EQ(clean_file_name("\xef\xbb\xbf"
                            "a\xe2\x80\x8b.txt"),
            "a.txt");
  EXPECT_EQ(clean_file_name("a:b*c?.txt"), "a_b_c_.txt");
}

TEST(FileNameTest, NothingLeftIsStillAName) {
  for (const auto* name : {"", ".", "..", "...", " ", "/", "a/", "\\", "\n", ". ."})
    EXPECT_EQ(clean_file_name(name), "file");
  EXPECT_EQ(clean_file_name(".htaccess"), "htaccess");
  EXPECT_EQ(clean_file_name("report. "), "report");
}

TEST(FileNameTest, NamesThatASystemReservesGetOneInFront) {
  for (const auto* name : {"CON", "nul", "NUL.txt", "com1", "LPT9.tar.gz", "aux .pdf", "prn"})
    EXPECT_EQ(clean_file_name(name), "_" + std::string(name));
  for (const auto* name : {"console.txt", "com10", "comX", "nullable"}) EXPECT_EQ(clean_file_name(name), name);
}

TEST(FileNameTest, LongNamesKeepTheirExtension) {
  for (const auto* letter : {"a", "ñ", "€", "😀"}) {
    std::string name;
    while (name.size() < 600) name += letter;
    const auto clean = clean_file_name(name + ".pdf");
    EXPECT_LE(clean.size(), limits::file_name_bytes_max);
    EXPECT_GT(clean.size(), limits::file_name_bytes_max - 8);
    EXPECT_TRUE(clean.ends_with(".pdf"));
    EXPECT_TRUE(is_valid_utf8(clean));
  }
  EXPECT_LE(clean_file_name("a." + std::string(500, 'x')).size(), limits::file_name_bytes_max);
}

TEST(FileNameTest, AnExtensionFitsWhatTheBytesAre) {
  struct Row {
    const char* given;
    const char* content_type;
    const char* fitting;
  };
  constexpr auto* docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const Row rows[] = {
      // what fits stays as it was written
      {"offer.pdf", "application/pdf", "offer.pdf"},
      {"PHOTO.JPG", "image/jpeg", "PHOTO.JPG"},
      {"photo.jpeg", "image/jpeg", "photo.jpeg"},
      {"notes.md", "text/plain", "notes.md"},
      {"table.txt", "text/csv", "table.txt"},
      {"form.docm", docx, "form.docm"},
      {"many parts.pptx", "application/zip", "many parts.pptx"},
      {"letter.doc", "application/x-ole-storage", "letter.doc"},
      // another kind's is replaced
      {"photo.jpg", "image/png", "photo.png"},
      {"scan.PDF", "image/jpeg", "scan.jpg"},
      {"table.xls", "text/csv", "table.csv"},
      {"form.doc", docx, "form.docx"},
      {"archive.zip", docx, "archive.docx"},
      // anything else gets the type's own
      {"scan", "application/pdf", "scan.pdf"},
      {"contract 3.5", "application/pdf", "contract 3.5.pdf"},
      {"run.bat", "text/plain", "run.bat.txt"},
      {"page.html", "text/plain", "page.html.txt"},
      {"Setup.EXE", "application/pdf", "Setup.EXE.pdf"},
      {"setup.msi", "application/msword", "setup.msi.doc"},
      {"setup.msi", "application/x-ole-storage", "setup.msi.bin"},
      {"app.jar", "application/zip", "app.jar.zip"},
      {"a.exe.", "application/pdf", "a.exe.pdf"},
      // the ends of what is left are clean too
      {".pdf", "image/png", "pdf.png"},
      {"a .jpg", "image/png", "a .png"},
      {"con.jpg", "image/png", "_con.png"},
      {"..", "image/png", "file.png"},
      {"x.unknown", "application/octet-stream", "x.unknown"},
  };
  for (const auto& row : rows) {
    const auto name = fitting_file_name(row.given, row.content_type);
    EXPECT_EQ(name, row.fitting) << row.given << " as " << row.content_type;
    EXPECT_EQ(fitting_file_name(name, row.content_type), name);
  }
  const auto cut = fitting_file_name(std::string(600, 'a') + ".exe", "application/pdf");
  EXPECT_LE(cut.size(), limits::file_name_bytes_max);
  EXPECT_TRUE(cut.ends_with("a.pdf") || cut.ends_with(".exe.pdf")) << cut;
}

TEST(FileNameTest, CleanNamesAreCleanAlready) {
  for (const auto* name : {"../CON", "_nul.txt", ". a .", "x/..hidden. ", "\xe2\x80\xae.exe"}) {
    const auto once = clean_file_name(name);
    EXPECT_EQ(clean_file_name(once), once) << name;
  }
}

}  // namespace
}  // namespace interlock::domains

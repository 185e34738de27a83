// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace interlock::domains {

/// A name that is safe to show and to save a download under, as near to the given one as possible: what stands before
/// the last slash or backslash goes, and so do control characters, characters that change the direction of writing, and
/// dots and blanks at both ends (a dot at the beginning makes a hidden file); characters that some system takes for its
/// own become `_`; a name that Windows reserves (CON, NUL, COM1) gets one in front; a long one is cut before its
/// extension; nothing left is `file`. Well-formed UTF-8 stays so.
std::string clean_file_name(std::string_view name);

/// The clean name of a file whose bytes are of that type, ending so that whoever saves it can open it, and opening it
/// runs nothing. An extension of the type (or of a kind that looks the same by its bytes) stays; one of another kind
/// that is accepted is replaced (`photo.jpg` that is a PNG is `photo.png`); to anything else, and to none, the type's
/// own is added (`scan` is `scan.pdf`, `run.bat` is `run.bat.txt`). Of a type that is not in the table the name stays.
std::string fitting_file_name(std::string_view name, std::string_view content_type);

}  // namespace interlock::domains

# Writes the data files into one C++ source, so that the program stands alone.
# cmake -D OUT=… -D FILES=… -P embed.cmake
set(code "// Generated from scenarios/texts/data by embed.cmake.\n#include <array>\n\n")
string(APPEND code "#include \"scenarios/texts/sections.hpp\"\n\nnamespace zhili::scenarios {\n\n")
string(APPEND code "std::span<const text_source> embedded_sources() {\n  static constexpr std::array sources{\n")
foreach(path ${FILES})
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} text)
  string(APPEND code "    text_source{\"${name}\", R\"zhili(${text})zhili\"},\n")
endforeach()
string(APPEND code "  };\n  return sources;\n}\n\n}  // namespace zhili::scenarios\n")
file(WRITE ${OUT} "${code}")

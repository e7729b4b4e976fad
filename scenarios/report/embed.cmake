# Puts the page of the report together and writes it into one C++ source, so that the program stands alone.
# cmake -D OUT=… -D FUNCTION=… -D INDEX=… -D LICENCE=… -D CHART=… -D STYLES=… -D SCRIPTS=… -D WORDS=… -P embed.cmake
# WORDS: the common words, the names of things, and where a page has them words of its own.
cmake_minimum_required(VERSION 3.25)
file(READ ${INDEX} html)

# fill(MARK FILE...): the files' text in place of the mark.
macro(fill mark)
  set(filling)
  foreach(path ${ARGN})
    file(READ ${path} text)
    string(APPEND filling "${text}")
  endforeach()
  string(REPLACE "${mark}" "${filling}" html "${html}")
endmacro()

list(GET WORDS 0 words)
list(GET WORDS 1 names)
fill("@words@" ${words})
fill("@names@" ${names})
list(LENGTH WORDS dictionaries)
if(dictionaries GREATER 2)
  list(GET WORDS 2 own)
  fill("@page-words@" ${own})
else()
  string(REPLACE "@page-words@" "{}" html "${html}")
endif()
fill("@style@" ${STYLES})
fill("@script@" ${SCRIPTS})
fill("@chart-licence@" ${LICENCE})
fill("@chart@" ${CHART})

set(code "// Generated from scenarios/report/page by embed.cmake.\n#include \"scenarios/report/page.hpp\"\n\n")
string(APPEND code "namespace zhili::scenarios {\n\nstd::string_view ${FUNCTION}() {\n")
string(APPEND code "  return R\"zhili-page(${html})zhili-page\";\n}\n\n}  // namespace zhili::scenarios\n")
file(WRITE ${OUT} "${code}")

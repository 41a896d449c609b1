// Graphviz's layout library. Its record fields are reached through C macros, which Swift
// cannot see; the inline functions below give them names.
#pragma once
#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

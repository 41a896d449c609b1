// Graphviz's layout library. Its record fields are reached through C macros, which Swift
// cannot see; the inline functions below give them names. Lengths are points, 1/72 inch,
// and y grows upwards, as everywhere in Graphviz.
#pragma once
#include <string.h>
#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

// The lower left and upper right corner of a graph that has been laid out.
static inline boxf extract_bounding_box(graph_t *graph) { return GD_bb(graph); }

// The centre of a node.
static inline pointf extract_node_centre(node_t *node) { return ND_coord(node); }

// The number of Bézier pieces of an edge; 0 if the layout drew none.
static inline int extract_piece_count(edge_t *edge) {
  return ED_spl(edge) ? ED_spl(edge)->size : 0;
}

// One Bézier piece: 3n + 1 control points from `list[0]` to `list[size - 1]`; `eflag` says
// whether an arrow head leads on from there to `ep`. The piece must exist.
static inline bezier extract_piece(edge_t *edge, int index) { return ED_spl(edge)->list[index]; }

// Whether the layout placed a label beside the edge, and where its centre is.
static inline int extract_has_label(edge_t *edge) { return ED_label(edge) && ED_label(edge)->set; }
static inline pointf extract_label_centre(edge_t *edge) { return ED_label(edge)->pos; }

// Graphviz's complaints are kept rather than printed: a library throws, it does not write to
// standard error. Graphviz hands a message over in pieces; what exceeds the buffer is dropped.
// Like everything here, used by one thread at a time.
static inline char *extract_complaints(void) {
  static char buffer[512];
  return buffer;
}

static inline int extract_keep_complaint(char *piece) {
  char *buffer = extract_complaints();
  strncat(buffer, piece, 511 - strlen(buffer));
  return 0;
}

// Forgets earlier complaints and sends the coming ones, warnings too, to the buffer.
static inline void extract_collect_complaints(void) {
  extract_complaints()[0] = '\0';
  agseterr(AGWARN);
  agseterrf(extract_keep_complaint);
}

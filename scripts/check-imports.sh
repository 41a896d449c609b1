#!/usr/bin/env bash
# Fails if a module imports one that it must not: imports point one way, down the storeys of the
# house (docs/architecture.md), each C library has one importing file, and only the command line
# parses arguments.
#
#   scripts/check-imports.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# The house from the bottom up: each module, and what of ours and of C it may import.
house="
LinearAlgebra  COpenBLAS CKernels
Automata
Files
Processes
Extraction     Automata LinearAlgebra
Tasks          Automata
TensorFiles    CZlib
RNN            Automata Tasks TensorFiles LinearAlgebra Files
MergerTheory   Automata Extraction LinearAlgebra
Studies        Automata Extraction Tasks TensorFiles RNN LinearAlgebra Files
Drawing        Automata Extraction Files Processes CGraphviz
Figures        Automata Extraction Tasks RNN LinearAlgebra Files Processes MergerTheory Studies Drawing
Sweeps         Automata Extraction Tasks RNN LinearAlgebra Files Processes MergerTheory Studies Figures
extract        Automata Extraction Tasks TensorFiles RNN LinearAlgebra Files Processes MergerTheory \
Studies Drawing Figures Sweeps ArgumentParser
"

grep -rHE '^[[:space:]]*(@[A-Za-z_]+ )*(public |package |internal |private |fileprivate )?import [A-Za-z]' \
  Sources --include='*.swift' |
  awk -v house="$house" '
    BEGIN {
      count = split(house, lines, "\n")
      for (i = 1; i <= count; i++) {
        words = split(lines[i], word, " ")
        if (words == 0) continue
        for (j = 2; j <= words; j++) {
          allowed[word[1], word[j]] = 1
          ours[word[j]] = 1
          # A module of ours that is allowed stands above, so that the list itself has no circle.
          if (word[j] !~ /^(C[A-Z]|ArgumentParser)/ && !(word[j] in listed)) {
            print "check-imports: " word[1] " is listed before " word[j]; bad = 1
          }
        }
        listed[word[1]] = 1
        ours[word[1]] = 1
      }
    }
    {
      file = $0; sub(/:.*/, "", file)
      split(file, path, "/")
      # An import may name a declaration: import struct Files.CSV.
      name = $NF; sub(/\..*/, "", name)
      if (!(path[2] in listed)) { print file ": " path[2] " is not in the house"; bad = 1 }
      else if (name in ours && !((path[2], name) in allowed)) {
        print file ": " path[2] " must not import " name; bad = 1
      }
      if (name ~ /^C(OpenBLAS|Graphviz|Zlib)$/) {
        if (name in importer) { print file ": " importer[name] " imports " name " already"; bad = 1 }
        importer[name] = file
      }
    }
    END { exit bad }
  '

# The style of all figures: thin axes without boxes, Okabe and Ito's colours, 8 pt sans.
# A script sets name, width and height (mm) and loads this file.
if (!exists("format")) format = "svg"
if (!exists("to")) to = name . "." . format
px = 96 / 25.4
if (format eq "svg") set terminal svg size width*px, height*px font "Helvetica,10.67" \
  enhanced linewidth 1 background "white" standalone
if (format eq "pdf") set terminal pdfcairo size width/25.4, height/25.4 \
  font "Helvetica,8" fontscale 1 enhanced linewidth 0.75
if (format eq "png") set terminal pngcairo size width*px*3, height*px*3 \
  font "Helvetica,8" fontscale 3 enhanced linewidth 3 pointscale 3 background "white"
if (to eq "-") { unset output } else { set output to }
set encoding utf8
set datafile separator ","
set datafile columnheaders
set datafile missing ""
set border 3 linewidth 0.7 linecolor rgb "#333333"
set tics nomirror out scale 0.5 textcolor rgb "#000000"
set key noautotitle Left reverse samplen 1.4 spacing 1.05 width 0 font ",9.6"
if (format ne "svg") set key font ",7.2"
unset grid
set style line 1 lc rgb "@blue@" lw 1.3
set style line 2 lc rgb "@vermillion@" lw 1.3
set style line 3 lc rgb "@green@" lw 1.3
set style line 4 lc rgb "@orange@" lw 1.3
set style line 5 lc rgb "@purple@" lw 1.3
set style line 6 lc rgb "@sky@" lw 1.3
set style line 7 lc rgb "@black@" lw 1.3
set style line 8 lc rgb "@grey@" lw 0.9 dt (4,3)
# From nothing to much: lightness falls evenly, so that it survives a grey print.
set palette defined (0 "#F4F7FA", 0.25 "#BBD5E8", 0.5 "#6AAED6", 0.75 "#2577B5", 1 "#08306B")
set style fill solid 1.0 noborder

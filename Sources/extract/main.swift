import RNN
import Tasks
import LinearAlgebra
import Foundation
var r = Recipe(); r.seed = UInt64(CommandLine.arguments.dropFirst().first ?? "1")!
let t = try Trainer(r, language: .parity)
print(blasKernelName())
let c = ContinuousClock(); var start = c.now
var tt = Duration.zero
print(t.evaluate())
for e in 1...1000 { let a = c.now; t.trainEpoch(); tt += c.now - a; let m = t.evaluate(); if e % 50 == 0 { print(m) } }
print(c.now - start, tt)

// One merging and one disagreeing pair of words over epochs, beside the theory's curves.

internal import Automata
internal import Extraction
internal import Files
internal import Studies

extension RunFigures {
  func trajectories() throws -> Figure {
    let name = "trajectories"
    if let problem = needsSeveralCheckpoints ?? agreementProblem {
      return .leftOut(name: name, because: problem)
    }
    guard subject.task != nil else {
      return .leftOut(name: name, because: "the theory needs a task that is a machine")
    }
    guard let fit = try trajectoryFit() else {
      return .leftOut(
        name: name, because: "no agreeing pair of words of different lengths has merged for good")
    }
    var table = CSVTable([
      "epoch", "merging", "merging_theory", "disagreeing", "disagreeing_theory",
      "merge_distance",
    ])
    let curves = fit.theory?.curves
    for (index, epoch) in fit.epochs.enumerated() {
      table.add([
        epoch, fit.measured[0][index], curves?[0][index], fit.measured[1][index],
        curves?[1][index], mergeDistance,
      ])
    }
    return .drawn(
      Plot(
        name: name, title: "A merging and a disagreeing pair beside the theory",
        answers: "Fig. 10", caption: caption(of: fit), width: Plot.column, height: 68,
        tables: [("", table)], commands: commands(for: fit, "\(name).csv")))
  }

  private func commands(for fit: FixedExpansionFit, _ data: String) -> String {
    let least = fit.measured.joined().filter { $0 > 0 }.min() ?? 1e-6
    var commands = """
      set xlabel "epoch"
      set ylabel "distance"
      set logscale y
      set format y "10^{%T}"
      set xrange [0:\(max(1, fit.epochs[fit.epochs.count - 1]))]
      set yrange [\(max(min(least, mergeDistance) / 8, mergeDistance / 300)):*]
      set key bottom right maxrows 2 horizontal
      plot "\(data)" using "epoch":"merging" with lines ls 1 title "merging", \\
        "" using "epoch":"disagreeing" with lines ls 2 title "disagreeing", \\

      """
    if fit.theory != nil {
      commands += """
          "" using "epoch":"merging_theory" with lines ls 1 dt (6,3) title "theory", \\
          "" using "epoch":"disagreeing_theory" with lines ls 2 dt (6,3) title "theory", \\

        """
    }
    return commands + "  \"\" using \"epoch\":\"merge_distance\" with lines ls 8"
  }

  private func caption(of fit: FixedExpansionFit) -> String {
    func named(_ pair: PairHistory.Pair) -> String {
      let list = [pair.first, pair.second].map {
        source.alphabet.format(source.words.word(of: $0))
      }
      return "\(list[0]) and \(list[1])"
    }
    let chosen = fit.chosen
    let (a, b) = chosen.lengths
    let merging = fit.measured[0]
    let (start, most, end) = (merging[0], merging.max() ?? 0, merging.last ?? 0)
    var caption =
      "Among the agreeing pairs of words of lengths \(a) and \(b) that merge for good, the one "
      + "whose merger (at epoch \(chosen.merging.mergerEpoch ?? 0)) is the median: "
      + "\(named(chosen.merging)). Among the disagreeing pairs of these lengths the one of median distance at the end: "
      + "\(named(chosen.disagreeing)). "
      + "The merging pair goes from \(start.brief) to as much as \(most.brief) and ends at "
      + "\(end.brief); the thin dashed line is the merge distance, \(mergeDistance.brief). "
    if let theory = fit.theory {
      caption +=
        "Dashed: the theory with a fixed expansion point (eq. 42), from the values measured at "
        + "epoch \(fit.epochs[0]) with N = \(theory.continuations) continuations, rates in "
        + "proportion to the lengths, and two time constants fitted to both pairs together, τ_h = "
        + "\(theory.fit.hiddenTime.brief) and τ_y = \(theory.fit.outputTime.brief) epochs; it misses "
        + "by a factor of \(theory.miss.brief) on average."
    } else {
      caption += "The theory’s curve is left out: no trained words continue both words of a pair."
    }
    return caption
  }
}

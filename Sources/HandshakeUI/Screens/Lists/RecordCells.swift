import Drawing
import Model
import Review

/// One line of the journal.
struct RecordCells {
  let state: State
  let record: JournalRecord

  private var pen: Pen { state.pen }

  func cell(_ column: ListColumn) -> Line {
    switch column {
    case .number: Line("\(record.sequence)", .quiet)
    case .time: Line(pen.minute(record.moment.time))
    case .who: Line(pen.cell(record.who.shortName))
    case .event: event
    case .handshakeID: Line(state.journal.handshake(of: record)?.text ?? "-")
    case .why: Line(told)
    default: Line()
    }
  }

  private var event: Line {
    switch record.event {
    case .genesis: Line("created", .quiet)
    case .torn: Line("torn", .warning)
    case .segment: Line("new segment", .warning)
    case .intent(let intent): Line(intent.answer.map { "\($0.rawValue): sent" } ?? "request: sent")
    case .outcome(_, let outcome): self.outcome(outcome)
    case .stopped: Line("stopped", .warning)
    case .mismatch: Line("MISMATCH", .danger)
    case .trustAdded: Line("trust +", .good)
    case .trustRemoved: Line("trust -", .warning)
    case .other: Line("other", .quiet)
    }
  }

  private func outcome(_ outcome: IntentOutcome) -> Line {
    switch outcome {
    case .done: Line("applied", .good)
    case .doneLater: Line("confirmed", .good)
    case .refused: Line("refused", .danger)
    case .notSent: Line("not sent", .warning)
    case .unknown: Line("UNKNOWN", .danger, bold: true)
    case .notApplied: Line("not applied", .warning)
    }
  }

  /// What else the line says.
  var told: String {
    switch record.event {
    case .genesis(let host, _): "journal created on host \(pen.cell(host))"
    case .torn(let bytes, _): "\(bytes) bytes of an incomplete write"
    case .segment(let kept): "continues \(pen.cell(kept.keptAs)), \(kept.bytes) bytes"
    case .intent(let intent):
      "as \(intent.account.text)" + (intent.reason.map { ": ~ \(pen.cell($0))" } ?? "")
    case .outcome(_, .refused(let refusal)):
      pen.cell(refusal.code) + (refusal.reason.map { " \(pen.cell($0))" } ?? "")
    case .outcome(_, .notSent(let why)): pen.cell(why)
    case .outcome(_, .unknown(let doubt, _)): doubt.words
    case .outcome: ""
    case .stopped(let cause, let left): "\(cause.words) \(left.count) not sent"
    case .mismatch(_, let account, let typed): "as \(account.text), entered ~ \(pen.cell(typed))"
    case .trustAdded(let id, let account, _): "\(id.text) managed by \(account.text)"
    case .trustRemoved(let id): id.text
    case .other(let kind): pen.cell(kind)
    }
  }
}

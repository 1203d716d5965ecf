import ReviewAnswering
import ReviewWording
import Testing

@testable import HandshakeTUI

@Suite("Tables") struct TableTests {
  private var table: Table {
    var table = Table(["ID", "NAME", "LEFT"])
    table.add(["a", "日本", "2d"])
    table.add(["bbb", "x", ""])
    return table
  }

  @Test("on a terminal, columns are aligned by width, not by count")
  func people() {
    #expect(table.text(.people) == "ID   NAME  LEFT\na    日本  2d\nbbb  x\n")
  }

  @Test("in a pipe, columns are separated by tabs")
  func pipe() {
    #expect(table.text(.pipe) == "id\tname\tleft\na\t日本\t2d\nbbb\tx\t\n")
  }

  @Test("--plain is one fact a line")
  func plain() {
    #expect(table.text(.plain) == "ID: a\nNAME: 日本\nLEFT: 2d\n\nID: bbb\nNAME: x\n")
  }

  @Test("no rows are no text")
  func empty() {
    #expect(Table(["ID"]).text(.people).isEmpty)
  }
}

@Suite("Exit codes") struct StatusTests {
  @Test("unknown, partly, refused, failed come before expiring, in this order")
  func order() {
    #expect(Status.worst([.expiring, .failed, .refused, .partly, .unknown]) == .unknown)
    #expect(Status.worst([.expiring, .failed, .refused, .partly]) == .partly)
    #expect(Status.worst([.expiring, .failed, .refused]) == .refused)
    #expect(Status.worst([.expiring, .failed]) == .failed)
    #expect(Status.worst([.done, .expiring]) == .expiring)
    #expect(Status.worst([.done]) == .done)
  }

  @Test("some ids done and some not is partly")
  func several() {
    #expect(AnswerStatus.combined([.done, .done]) == .done)
    #expect(AnswerStatus.combined([.done, .failed]) == .partly)
    #expect(AnswerStatus.combined([.done, .refused]) == .partly)
    #expect(AnswerStatus.combined([.done, .unknown, .failed]) == .unknown)
    #expect(AnswerStatus.combined([.failed, .refused]) == .refused)
  }

  @Test("the numbers are the documented ones")
  func numbers() {
    let all: [Status] = [
      .done, .failed, .usage, .partly, .refused, .unknown, .expiring, .signal(15),
    ]
    #expect(all.map(\.number) == [0, 1, 2, 3, 4, 5, 10, 143])
  }
}

import TestSupport
import Testing
import Text
import Wire

@Suite("Every rule of AWS's model for an input is checked")
struct InputFaultTests {
  @Test("Each broken rule is refused in the service's own words", arguments: ServiceModel.files)
  func faults(_ file: String) async throws {
    let model = try ServiceModel(file)
    var (cases, passed) = (0, 0)
    for (name, bodies) in SoundRequests.bodies {
      let operation = try #require(model.operations.first { $0.name == name }, "\(name)")
      let world = try ServedWorld()
      for body in bodies {
        let sound = try JSONValue.read(Array(body.utf8))
        guard let input = operation.input else { continue }
        for broken in try InputFaults(model, input: input, sound: sound).cases {
          let said = try await world.said(name, broken.body.json(.wire))
          let holds =
            broken.answer.map { $0 == said } ?? !said.hasSuffix("LENGTH_EXCEEDED")
          #expect(holds, "\(name): \(broken.words): \(said)")
          #expect(isModelled(said, operation), "\(name): \(said) is not among its errors")
          (cases, passed) = (cases + 1, passed + (holds ? 1 : 0))
        }
      }
    }
    #expect(cases > 250, "the model has lost its rules")
    try Tally.record(file: file, cases: cases, passed: passed)
  }

  @Test("A request that keeps all rules is not refused for its input")
  func sound() async throws {
    for (name, bodies) in SoundRequests.bodies {
      for body in bodies {
        let said = try await ServedWorld().said(name, Array(body.utf8))
        // The token is not one of ours: the one member whose rule is not in the model.
        #expect(
          !said.hasPrefix("SerializationException")
            && (!said.hasPrefix("InvalidInputException") || said.hasSuffix(" INVALID_NEXT_TOKEN")),
          "\(name): \(said)")
      }
    }
  }

  @Test("Every operation of the model is either served or unknown")
  func operations() async throws {
    let served = Set(SoundRequests.bodies.map(\.operation))
    for file in ServiceModel.files {
      for operation in try ServiceModel(file).operations where !served.contains(operation.name) {
        let said = try await ServedWorld().said(operation.name, Array("{}".utf8))
        #expect(said == "UnknownOperationException", "\(operation.name)")
      }
    }
  }

  /// AWS's front end has an exception that no operation lists.
  private func isModelled(_ said: String, _ operation: ServiceModel.Operation) -> Bool {
    guard said != "ok", let exception = said.split(separator: " ").first else { return true }
    return exception == "SerializationException" || operation.errors.contains(String(exception))
  }
}

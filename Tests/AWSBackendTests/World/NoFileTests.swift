import Testing

@testable import AWSBackend

@Suite struct NoFileTests {
  @Test("/dev/null is an empty file, as pipelines mean it; other devices are none")
  func devices() throws {
    #expect(try SystemFiles().read("/dev/null") == [])
    #expect(throws: AWSFileFault.self) { try SystemFiles().read("/dev/zero") }
    #expect(throws: AWSFileFault.self) { try SystemFiles().read("/tmp") }
    #expect(try SystemFiles().read("/dev/null/none") == nil)
  }
}

import Model
import Signing
import Text

@testable import AWSBackend

/// The AWS CLI's files: line ends, comments and blank lines change nothing, no secret is printed,
/// and a refusal quotes nothing of the file but a key.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProfiles(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = bytes(start, count)
  for kind in ConfigSource.Kind.allCases {
    let source = ConfigSource(kind, path: "/home/u/.aws/f", home: "/home/u")
    do throws(SettingsFault) {
      let file = try ConfigText.read(text, of: source)
      checkSections(file, source)
      checkVariants(of: text, file, source)
    } catch {
      checkFault(error, text)
    }
  }
  return 0
}

private func sections(_ file: ConfigFile) -> [(String, ConfigSection)] {
  file.profiles.values.map { ("p " + $0.name, $0) }
    + file.ssoSessions.values.map { ("s " + $0.name, $0) }
    + file.services.values.map { ("v " + $0.name, $0) }
}

private func checkSections(_ file: ConfigFile, _ source: ConfigSource) {
  for (_, section) in sections(file) {
    promise(!section.name.isEmpty, "a section without a name")
    for key in section.keys {
      promise(key.utf8.allSatisfy(ConfigLine.isKeyByte), "a key of other bytes")
      let isSecret = ConfigProperty.secretKeys.contains(key)
      promise(!isSecret || section.text(key) == nil, "a secret is given out as text")
      promise(isSecret || section.secret(key) == nil, "a text is kept as a secret")
      promise(
        !isSecret || section.properties[key]?.subproperties.isEmpty == true, "a secret's lines")
      let shown = String(describing: section)
      guard let secret = section.secret(key)?.value, secret.revealed.count > 24 else { continue }
      promise(!shown.utf8.elementsEqual(secret.revealed), "a description shows a secret")
      promise(!shown.contains(secret.revealedText), "a description shows a secret")
    }
  }
}

/// The same file with other line ends, below a comment, with a line break at its end.
private func checkVariants(of text: [UInt8], _ file: ConfigFile, _ source: ConfigSource) {
  let hasMark = text.starts(with: [0xEF, 0xBB, 0xBF])
  var variants = [text + [0x0A], text + [0x0A, 0x23, 0x78]]
  if !text.contains(0x0D) {
    variants.append(Array(text.map { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }.joined()))
  }
  if !hasMark { variants += [[0xEF, 0xBB, 0xBF] + text, Array("# x\n".utf8) + text] }
  for (index, variant) in variants.enumerated() {
    guard let other = try? ConfigText.read(variant, of: source) else {
      promise(false, "variant \(index) is refused")
      return
    }
    promise(values(other) == values(file), "variant \(index) says something else")
  }
}

/// Every value by its section and key, without its line.
private func values(_ file: ConfigFile) -> [String: [UInt8]] {
  var all: [String: [UInt8]] = [:]
  for (kind, section) in sections(file) {
    all[kind] = []
    for (key, property) in section.properties {
      switch property.value {
      case .text(let text): all["\(kind) \(key)"] = text.bytes
      case .secret(let secret): all["\(kind) \(key)"] = secret.revealed
      }
      for (index, sub) in property.subproperties.enumerated() {
        all["\(kind) \(key) \(index) \(sub.name)"] = sub.value.bytes
      }
    }
  }
  return all
}

/// A refusal depends on the file only in its line and a key's name.
private func checkFault(_ fault: SettingsFault, _ text: [UInt8]) {
  let words = [
    "the line is not UTF-8 text", "Profile definition must end with ']'",
    "Expected a profile definition", "Expected an '=' sign defining a property",
    "Property did not have a name", "Expected a property definition, found continuation",
    "Expected an '=' sign defining a sub-property", "Sub-property did not have a name",
  ]
  promise(words.contains { Untrusted($0) == fault.detail }, "a refusal quotes the file")
  let lines = text.count { $0 == 0x0A || $0 == 0x0D } + 1
  let places = (1...lines).map { Untrusted("~/.aws/f line \($0)") }
  promise(places.contains(fault.origin), "a refusal is told of no line of the file")
}

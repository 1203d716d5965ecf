/// A value that an argument can have.
public protocol ArgumentValue: Sendable {
  /// Parses the text of an argument.
  ///
  /// - Throws: `InvalidValue` when the text is not such a value.
  init(argument: String) throws(InvalidValue)

  /// The only values that there are; empty for any.
  static var values: [String] { get }
}

/// An error for an argument's text that is not a value of its parameter.
public struct InvalidValue: Error, Hashable {
  /// What is wrong with it, if that is more than that it is invalid.
  public var why: String?

  /// Creates an error, with the reason if it is known.
  public init(_ why: String? = nil) {
    self.why = why
  }
}

extension ArgumentValue {
  /// No list: any text may be a value.
  public static var values: [String] { [] }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// Finds the case with this raw value.
  ///
  /// - Throws: `InvalidValue` for an unknown value.
  public init(argument: String) throws(InvalidValue) {
    guard let value = Self(rawValue: argument) else { throw InvalidValue() }
    self = value
  }

  /// The raw values of all cases.
  public static var values: [String] { allCases.map(\.rawValue) }
}

extension ArgumentValue where Self: FixedWidthInteger {
  /// Parses a decimal number.
  ///
  /// - Throws: `InvalidValue` for other text, and for a number out of range.
  public init(argument: String) throws(InvalidValue) {
    guard let value = Self(argument) else {
      let range = Self.bitWidth > 16 ? "" : " from \(Self.min) to \(Self.max)"
      throw InvalidValue("it must be a whole number\(range)")
    }
    self = value
  }
}

extension Int: ArgumentValue {}
extension UInt16: ArgumentValue {}
extension UInt64: ArgumentValue {}

extension String: ArgumentValue {
  /// Takes any text.
  public init(argument: String) { self = argument }
}

/// A parameter of a command, with the property that takes its value.
public struct Parameter<Target>: Sendable {
  /// The parameter as data.
  public var declaration: ParameterDeclaration
  let assign: @Sendable (inout Target, String) throws(InvalidValue) -> Void

  /// A flag: it is off unless it is given.
  public static func flag(
    _ name: String, _ path: any WritableKeyPath<Target, Bool> & Sendable, _ help: String
  ) -> Parameter {
    Parameter(declaration: ParameterDeclaration(.flag, name, help: help)) { (target, _) in
      target[keyPath: path] = true
    }
  }

  /// An option with a value; without it the property stays nil.
  public static func option<Value: ArgumentValue>(
    _ name: String, _ path: any WritableKeyPath<Target, Value?> & Sendable, _ valueName: String,
    _ help: String, discussion: String = "", takesDashes: Bool = false,
    completion: Completion = .none
  ) -> Parameter {
    Parameter(
      declaration: ParameterDeclaration(
        .option, name, valueName: valueName, help: help, discussion: discussion,
        takesDashes: takesDashes, values: Value.values, completion: completion)
    ) { (target, text) throws(InvalidValue) in
      target[keyPath: path] = try Value(argument: text)
    }
  }

  /// An option with a value; without it the property has its initial value, which the help shows.
  public static func option<Value: ArgumentValue>(
    _ name: String, _ path: any WritableKeyPath<Target, Value> & Sendable, _ valueName: String,
    _ help: String, initial: String
  ) -> Parameter {
    Parameter(
      declaration: ParameterDeclaration(
        .option, name, valueName: valueName, help: help, values: Value.values, initial: initial)
    ) { (target, text) throws(InvalidValue) in
      target[keyPath: path] = try Value(argument: text)
    }
  }

  /// An option that may be given several times.
  public static func option<Value: ArgumentValue>(
    _ name: String, _ path: any WritableKeyPath<Target, [Value]> & Sendable, _ valueName: String,
    _ help: String
  ) -> Parameter {
    Parameter(
      declaration: ParameterDeclaration(
        .option, name, valueName: valueName, help: help, isRepeating: true, values: Value.values)
    ) { (target, text) throws(InvalidValue) in
      target[keyPath: path].append(try Value(argument: text))
    }
  }

  /// A positional argument that must be given.
  public static func positional<Value: ArgumentValue>(
    _ name: String, _ path: any WritableKeyPath<Target, Value> & Sendable, _ help: String,
    completion: Completion = .none
  ) -> Parameter {
    Parameter(
      declaration: ParameterDeclaration(
        .positional, name, valueName: name, help: help, isRequired: true, values: Value.values,
        completion: completion)
    ) { (target, text) throws(InvalidValue) in
      target[keyPath: path] = try Value(argument: text)
    }
  }

  /// A positional argument that may be left out.
  public static func positional<Value: ArgumentValue>(
    _ name: String, _ path: any WritableKeyPath<Target, Value?> & Sendable, _ help: String,
    completion: Completion = .none
  ) -> Parameter {
    Parameter(
      declaration: ParameterDeclaration(
        .positional, name, valueName: name, help: help, values: Value.values,
        completion: completion)
    ) { (target, text) throws(InvalidValue) in
      target[keyPath: path] = try Value(argument: text)
    }
  }

  /// All further positional arguments; without `isRequired` there may be none.
  public static func positionals(
    _ name: String, _ path: any WritableKeyPath<Target, [String]> & Sendable, _ help: String,
    isRequired: Bool = true, completion: Completion = .none
  ) -> Parameter {
    Parameter(
      declaration: ParameterDeclaration(
        .positional, name, valueName: name, help: help, isRepeating: true, isRequired: isRequired,
        completion: completion)
    ) { (target, text) in
      target[keyPath: path].append(text)
    }
  }

  /// Returns the parameter for a command that has its target as a property.
  public func within<Outer>(
    _ path: any WritableKeyPath<Outer, Target> & Sendable
  ) -> Parameter<Outer> {
    Parameter<Outer>(declaration: declaration) { (outer, text) throws(InvalidValue) in
      try assign(&outer[keyPath: path], text)
    }
  }

  /// Returns the parameter without a row in the help, the man page and the completions.
  public var hidden: Parameter {
    var hidden = self
    hidden.declaration.isHidden = true
    return hidden
  }
}

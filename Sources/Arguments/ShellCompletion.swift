/// The shells that can ask the program for completions.
public enum Shell: String, CaseIterable, ArgumentValue {
  case bash
  case zsh
  case fish
}

/// The completion of a command line: the scripts for the shells, and the answers to them.
///
/// A script runs `PROGRAM ---completion INDEX WORD...` with the words after the program's name and
/// the index of the one to complete. Each line of the answer is a candidate, a tab and its help; a
/// line that begins with a tab, `files EXTENSION`, requests the shell's own completion of files.
/// So the candidates are those of the installed program, not of the day on which a script was
/// written. Values may come from files of others: the scripts insert them quoted.
public enum ShellCompletion {
  /// The first argument of the scripts' calls.
  public static let argument = "---completion"

  /// Returns the script that makes a shell complete a program's command lines.
  public static func script(for shell: Shell, program: String) -> String {
    let template =
      switch shell {
      case .bash: bash
      case .zsh: zsh
      case .fish: fish
      }
    return template.split(separator: "PROGRAM", omittingEmptySubsequences: false)
      .joined(separator: program)
  }

  private static let bash = #"""
    # bash completion of PROGRAM
    _PROGRAM() {
        local line current="${COMP_WORDS[COMP_CWORD]}"
        # Bash makes a word of the = in --option=value.
        [[ $current == "=" ]] && current=
        COMPREPLY=()
        while IFS= read -r line; do
            case $line in
                $'\tfiles'*)
                    compopt -o filenames 2>/dev/null
                    while IFS= read -r line; do
                        COMPREPLY+=("$line")
                    done < <(if [[ ${line#?files} ]]; then
                        compgen -o plusdirs -f -X "!*.${line#?files }" -- "$current"
                    else
                        compgen -f -- "$current"
                    fi)
                    ;;
                *)
                    line=${line%%$'\t'*}
                    # Bash inserts candidates as they are.
                    [[ $line == *[!A-Za-z0-9_@%+=:,./-]* ]] && printf -v line %q "$line"
                    COMPREPLY+=("$line")
                    ;;
            esac
        done < <("${COMP_WORDS[0]}" ---completion "$((COMP_CWORD - 1))" "${COMP_WORDS[@]:1}" \
            2>/dev/null)
    }
    complete -F _PROGRAM PROGRAM
    """#

  private static let zsh = #"""
    #compdef PROGRAM
    # zsh completion of PROGRAM
    _PROGRAM() {
        local line tab=$'\t'
        local -a candidates
        while IFS= read -r line; do
            case $line in
                $'\tfiles') _files ;;
                $'\tfiles '*) _files -g "*.${line#?files }" ;;
                *) candidates+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
            esac
        done < <("${words[1]}" ---completion "$((CURRENT - 2))" "${(@)words[2,-1]}" 2>/dev/null)
        (( $#candidates )) && _describe 'PROGRAM' candidates
    }
    if [ "$funcstack[1]" = "_PROGRAM" ]; then
        _PROGRAM "$@"
    else
        compdef _PROGRAM PROGRAM
    fi
    """#

  private static let fish = #"""
    # fish completion of PROGRAM
    function __PROGRAM_complete
        set -l current (commandline -ct)
        set -l words (commandline -opc) "$current"
        set -l index (math (count $words) - 2)
        for line in (command $words[1] ---completion $index $words[2..-1] 2>/dev/null)
            if string match -q \t'files*' -- $line
                __fish_complete_path "$current"
            else
                printf '%s\n' $line
            end
        end
    end
    complete -c PROGRAM -f -a '(__PROGRAM_complete)'
    """#
}

/// What a shell asked: the words before the one to complete, understood as far as possible.
public struct CompletionRequest<Product> {
  private let grammar: Grammar<Product>
  private var command: CommandDeclaration<Product>
  /// The names from the program to the command.
  public private(set) var path: [String]
  /// The shared and leading options that are given, with their values.
  public private(set) var shared: [String: [String]] = [:]
  /// The text to complete.
  public private(set) var prefix = ""
  /// What precedes the text in its word, as in `--state=OPEN`.
  private var lead = ""
  private var positionals = 0
  private var given: Set<String> = []
  /// The option whose value is next.
  private var pending: ParameterDeclaration?
  private var isLiteral = false

  /// Reads the words after the program's name, of which the one at `index` is to be completed.
  ///
  /// It is nil for an index that is neither that of a word nor the next one.
  public init?(_ grammar: Grammar<Product>, _ words: [String], index: Int) {
    guard (0...words.count).contains(index) else { return nil }
    self.grammar = grammar
    command = grammar.root
    path = [grammar.root.name]
    var words = Array(words.prefix(index + 1))
    let current = words.count == index + 1 ? words.popLast() ?? "" : ""
    var last: String?
    for word in Self.joined(words, last: &last) { read(word) }
    if let last {
      // Bash offers the value alone.
      pending = option(String(last))
      prefix = current
    } else if current == "=", pending != nil {
      prefix = ""
    } else if pending == nil, current.utf8.starts(with: "--".utf8),
      case (let name, let value?) = current.splitAtEquals
    {
      pending = option(name)
      lead = name + "="
      prefix = value
    } else {
      prefix = current
    }
  }

  /// Returns the words with bash's `--name`, `=`, `value` as one; the name whose value is the word to
  /// complete is set apart in `last`.
  private static func joined(_ words: [String], last: inout String?) -> [String] {
    var joined: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      if index + 1 < words.count, words[index + 1] == "=", word.hasPrefix("--") {
        guard index + 2 < words.count else {
          last = word
          return joined
        }
        joined.append(word + "=" + words[index + 2])
        index += 3
      } else {
        joined.append(word)
        index += 1
      }
    }
    return joined
  }

  private mutating func read(_ word: String) {
    if let option = pending {
      note(option, word)
      pending = nil
    } else if isLiteral {
      positionals += 1
    } else if word == "--" {
      isLiteral = true
    } else if word.hasPrefix("--") {
      let (name, value) = word.splitAtEquals
      guard let option = option(name) else { return }
      if option.form == .option, value == nil {
        pending = option
      } else {
        note(option, value)
      }
    } else if !word.hasPrefix("-") {
      if positionals == 0, let child = command.child(word) {
        command = child
        path.append(child.name)
      } else if !(path.count == 1 && word == "help") {
        positionals += 1
      }
    }
  }

  private mutating func note(_ option: ParameterDeclaration, _ text: String?) {
    given.insert(option.name)
    shared[option.name, default: []] += text.map { [$0] } ?? []
  }

  // MARK: Candidates

  /// The command whose parameters count: the default one if none is named.
  private var target: CommandDeclaration<Product> {
    command.make == nil ? command.child(command.defaultChild) ?? command : command
  }

  private var options: [ParameterDeclaration] {
    let leading = path.count == 1 ? grammar.leading : []
    return
      (target.parameters.filter { $0.form != .positional } + grammar.shared + leading + [.help])
      .filter { !$0.isHidden }
  }

  private func option(_ name: String) -> ParameterDeclaration? {
    options.first { $0.name == name }
  }

  /// Returns the lines of the answer; `dynamic` finds the values of a dynamic completion.
  public func lines(
    _ dynamic: (_ kind: String, CompletionRequest) -> [String]
  ) -> [String] {
    if command.passesArguments { return [] }
    if let pending { return values(of: pending, dynamic) }
    if prefix.hasPrefix("-"), !isLiteral {
      return options.filter { $0.isRepeating || !given.contains($0.name) }
        .filter { $0.name.hasPrefix(prefix) }.map { "\($0.name)\t\($0.help)" }
    }
    var lines: [String] = []
    if positionals == 0 {
      lines += command.visibleChildren.filter { $0.name.hasPrefix(prefix) }
        .map { "\($0.name)\t\($0.summary)" }
    }
    // Without a word the default command's arguments would hide the commands.
    guard command.children.isEmpty || !prefix.isEmpty else { return lines }
    let places = target.positionals
    guard let place = positionals < places.count ? places[positionals] : places.last,
      positionals < places.count || place.isRepeating
    else { return lines }
    return lines + values(of: place, dynamic)
  }

  private func values(
    of parameter: ParameterDeclaration, _ dynamic: (String, CompletionRequest) -> [String]
  ) -> [String] {
    var values = parameter.values
    switch parameter.completion {
    case .none: break
    case .files(let suffix): return ["\tfiles" + (suffix.map { " \($0)" } ?? "")]
    case .values(let all): values = all
    case .dynamic(let kind): values = dynamic(kind, self).filter(Self.isOffered)
    }
    return values.filter { $0.hasPrefix(prefix) }.map { "\(lead)\($0)\t" }
  }

  /// Whether a value that was found somewhere can be inserted: it is one line that shows what it
  /// is, and the parser will not take it for an option.
  private static func isOffered(_ value: String) -> Bool {
    guard let first = value.utf8.first, first != UInt8(ascii: "-") else { return false }
    return value.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
  }
}

import Sandbox

@main
enum Main {
  static func main() {}
}

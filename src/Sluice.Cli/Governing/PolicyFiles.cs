namespace Sluice.Cli.Governing;

/// <summary>The policy files that a command line names: files, and directories with all <c>.yaml</c>, <c>.yml</c> and <c>.json</c> below them.</summary>
internal static class PolicyFiles
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>The files in a stable order.</summary>
    /// <exception cref="FileNotFoundException">A name leads nowhere.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> names)
    {
        var files = new List<string>();
        foreach (var name in names)
        {
            if (File.Exists(name)) files.Add(name);
            else if (Directory.Exists(name))
                files.AddRange(Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories).Where(IsPolicy).Order(StringComparer.Ordinal));
            else throw new FileNotFoundException($"'{name}' is neither a file nor a directory.");
        }

        return files;
    }

    public static bool IsJson(string file) => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool IsPolicy(string file) => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}

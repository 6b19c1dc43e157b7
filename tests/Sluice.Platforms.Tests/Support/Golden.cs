namespace Sluice.Platforms.Tests.Support;

/// <summary>Compares a text with the file it was last read and found good as. <c>SLUICE_WRITE_GOLDEN=1</c> writes the files anew, for a person to read.</summary>
internal static class Golden
{
    // Not by the compiler's path of this file: a build in CI hides it.
    private static readonly string Project = Path.Combine(Root(), "tests", typeof(Golden).Assembly.GetName().Name!);

    /// <summary>Whether files are written anew.</summary>
    public static bool IsWritten { get; } = Environment.GetEnvironmentVariable("SLUICE_WRITE_GOLDEN") == "1";

    public static void Check(string text, string name, string folder = "Setup")
    {
        var path = PathOf(name, folder);
        if (IsWritten)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        File.Exists(path).ShouldBeTrue($"there is no {path}");
        text.ShouldBe(File.ReadAllText(path));
    }

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string name, string folder) => File.ReadAllLines(PathOf(name, folder));

    /// <summary>All files of a folder, in the order of their names.</summary>
    public static IEnumerable<string> Texts(string folder) => Directory.GetFiles(Path.Combine(Project, folder, "Golden"), "*.sql").Order(StringComparer.Ordinal).Select(File.ReadAllText);

    private static string PathOf(string name, string folder) => Path.Combine(Project, folder, "Golden", $"{name}.sql");

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Sluice.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run outside their source tree.");
    }
}

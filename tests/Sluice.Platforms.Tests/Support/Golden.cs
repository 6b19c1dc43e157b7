namespace Sluice.Platforms.Tests.Support;

/// <summary>Compares a text with the file it was last read and found good as. <c>SLUICE_WRITE_GOLDEN=1</c> writes the files anew, for a person to read.</summary>
internal static class Golden
{
    // Not by the compiler's path of this file: a build in CI hides it.
    private static readonly string Folder = Path.Combine(Root(), "tests", typeof(Golden).Assembly.GetName().Name!, "Setup", "Golden");

    public static void Check(string text, string name)
    {
        var path = Path.Combine(Folder, $"{name}.sql");
        if (Environment.GetEnvironmentVariable("SLUICE_WRITE_GOLDEN") == "1") File.WriteAllText(path, text);
        File.Exists(path).ShouldBeTrue($"there is no {path}");
        text.ShouldBe(File.ReadAllText(path));
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Sluice.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run outside their source tree.");
    }
}

using System.Runtime.CompilerServices;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>Compares a text with the file it was last read and found good as. <c>SLUICE_WRITE_GOLDEN=1</c> writes the files anew, for a person to read.</summary>
internal static class Golden
{
    public static void Check(string text, string name, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "Golden", $"{name}.sql");
        if (Environment.GetEnvironmentVariable("SLUICE_WRITE_GOLDEN") == "1") File.WriteAllText(path, text);
        File.Exists(path).ShouldBeTrue($"there is no {path}");
        text.ShouldBe(File.ReadAllText(path));
    }
}

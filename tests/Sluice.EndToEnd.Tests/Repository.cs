namespace Sluice.EndToEnd.Tests;

/// <summary>Where the repository's files are, seen from a test's output directory.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Sluice.slnx"))) return directory.FullName;
        throw new InvalidOperationException("The tests don't run inside the repository.");
    }
}

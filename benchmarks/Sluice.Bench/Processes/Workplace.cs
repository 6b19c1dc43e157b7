namespace Sluice.Bench.Processes;

/// <summary>A temporary folder for one run: a copy of the built programs, so that a build meanwhile changes nothing, and the data.</summary>
internal sealed class Workplace : IDisposable
{
    private int _folders;

    private Workplace(string root) => Root = root;

    public string Root { get; }

    /// <summary>The server and the stand-in.</summary>
    public string Sluice => Path.Combine(Root, "bin", "sluice.dll");

    public static Workplace Create()
    {
        var built = Path.Combine(FindRepository(), "artifacts", "sluice");
        if (!File.Exists(Path.Combine(built, "sluice.dll"))) throw new InvalidOperationException("Sluice is not built: ./bench does that.");

        var place = new Workplace(Directory.CreateTempSubdirectory("sluice-bench-").FullName);
        Copy(built, Path.Combine(place.Root, "bin"));
        return place;
    }

    /// <summary>The folder of the repository whose artifacts this program is one of.</summary>
    public static string FindRepository()
    {
        var repository = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(repository, "Sluice.slnx")))
            repository = Path.GetDirectoryName(repository) ?? throw new InvalidOperationException("This program runs from the repository's artifacts.");
        return repository;
    }

    /// <summary>A new empty folder.</summary>
    public string NewFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(Root, $"{++_folders:D2}-{name}")).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

namespace Sluice.Storage.Vault;

/// <summary>
/// The same with what every system offers: links are followed one by one before the opening and again after it, and both walks must agree.
/// </summary>
internal static class PortableFiles
{
    private const int MaxLinks = 40;

    public static OpenedFile? Open(string path)
    {
        var real = RealPath(path);
        if (Directory.Exists(real)) return new OpenedFile(handle: null, real, FileKind.Directory, owner: null);
        if (!File.Exists(real)) return null;
        var handle = File.OpenHandle(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (RealPath(path) != real) throw new IOException("The path changed while it was opened.");
            var device = File.GetAttributes(handle).HasFlag(FileAttributes.Device);
            return new OpenedFile(handle, real, device ? FileKind.Other : FileKind.Regular, owner: null);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The path with every link in it followed; what does not exist stays as it stands.</summary>
    public static string RealPath(string path)
    {
        var pending = new Stack<string>();
        var real = Push(Path.GetFullPath(path), pending);
        var links = 0;
        while (pending.TryPop(out var name))
        {
            var next = Path.Join(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks) throw new IOException("The path has too many links.");
            real = Push(Path.GetFullPath(target, real), pending);
        }

        return real;
    }

    private static string Push(string path, Stack<string> names)
    {
        var root = Path.GetPathRoot(path)!;
        foreach (var name in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
            names.Push(name);
        return root;
    }
}

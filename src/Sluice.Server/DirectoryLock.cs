namespace Sluice.Server;

/// <summary>Keeps a second server out of a data directory: two would take each other's leases by turns.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string FileName = "server.lock";
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; the operating system gives it back when the process ends, however it ends.</summary>
    /// <exception cref="IOException">Another server has it.</exception>
    public static DirectoryLock Take(string directory)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new DirectoryLock(new FileStream(Path.Combine(directory, FileName), options));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new IOException($"Another server runs on {directory}. Stop it, or give this one a directory of its own with --data.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

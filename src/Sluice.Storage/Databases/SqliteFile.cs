namespace Sluice.Storage.Databases;

/// <summary>
/// The database file and its folder, for nobody but the server's own user. The file is made before SQLite opens it: SQLite gives its log and
/// shared memory the mode of the database, whatever the umask.
/// </summary>
internal sealed class SqliteFile(string directory)
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnDirectory = OwnFile | UnixFileMode.UserExecute;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(50);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(directory), "sluice.db");

    private string LockPath => Path + ".lock";

    public void Create()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else
        {
            Directory.CreateDirectory(folder, OwnDirectory);
            File.SetUnixFileMode(folder, OwnDirectory);
        }

        // Never opened when it is there: closing it would end the locks that SQLite holds on it in this process. The other file is made by whoever locks it:
        // opened here, it may be locked by a server that starts at the same moment.
        if (!File.Exists(Path)) Open(Path, FileShare.ReadWrite).Dispose();

        if (OperatingSystem.IsWindows()) return;
        foreach (var file in new[] { Path, LockPath, Path + "-wal", Path + "-shm" })
            if (File.Exists(file)) File.SetUnixFileMode(file, OwnFile);
    }

    /// <summary>Waits until no other process migrates this file. The lock ends with its process, however that ends.</summary>
    public async Task<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return Open(LockPath, FileShare.None);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(LockPoll, cancellationToken);
            }
        }
    }

    /// <summary>A file that a copy of the database goes to, for nobody but its owner from the first byte on.</summary>
    internal sealed class Copy(string file)
    {
        public string Path { get; } = System.IO.Path.GetFullPath(file);

        /// <summary>Makes it, empty. VACUUM INTO takes an empty file.</summary>
        /// <exception cref="IOException">It is there already.</exception>
        public void Create()
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnFile;
            new FileStream(Path, options).Dispose();
        }

        public void Delete() => File.Delete(Path);
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnFile;
        return new FileStream(path, options);
    }
}

using System.Security.Cryptography;

namespace Sluice.Storage.Vault;

/// <summary>One key file: private to its owner, no link, in a directory nobody else may write to. Written whole or not at all.</summary>
internal sealed class KeyFile(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int MaxOpens = 5;

    private readonly string _directory = System.IO.Path.GetDirectoryName(path)
        ?? throw new VaultException("The vault's key file must be a file in a directory.");

    public string Path => path;

    /// <summary>Whether something bears the name, a dangling link included.</summary>
    public bool Exists => File.Exists(path) || new FileInfo(path).LinkTarget is not null || Directory.Exists(path);

    /// <summary>What it holds, which the caller zeroes.</summary>
    /// <exception cref="VaultException">It is missing or unfit.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var file = OpenFit();
            var buffer = new byte[KeyRingText.MaxSize + 1];
            try
            {
                var length = await file.ReadAsync(buffer, cancellationToken);
                return length <= KeyRingText.MaxSize ? buffer[..length] : throw Unfit($"is larger than {KeyRingText.MaxSize} bytes");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(buffer);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unfit("can't be read by this user");
        }
    }

    /// <summary>Makes the directory (0700), with the directories above it that do not exist.</summary>
    public void MakeDirectory()
    {
        try
        {
            var missing = new Stack<string>();
            for (var at = _directory; at is not null && !Directory.Exists(at); at = System.IO.Path.GetDirectoryName(at)) missing.Push(at);
            foreach (var directory in missing) MakePrivate(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unfit($"can't be made: its directory {_directory} can't be made by this user");
        }
    }

    /// <summary>Writes the file whole, through to the disk. Whoever calls holds the <see cref="KeyFileLock"/>.</summary>
    /// <param name="text">The new contents.</param>
    /// <param name="replace">Whether a file must be there (true) or must not (false).</param>
    public void Write(ReadOnlySpan<byte> text, bool replace)
    {
        RefuseSharedDirectory();
        var draft = path + ".new";
        try
        {
            // Left by a writer that was cut short: it held the lock then, as we do now.
            File.Delete(draft);
            using (var stream = new FileStream(draft, PrivateFile(FileMode.CreateNew)))
            {
                stream.Write(text);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: replace);
            if (OperatingSystem.IsLinux()) LinuxFiles.Sync(_directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unfit("can't be written by this user");
        }
    }

    /// <summary>Refuses to replace another user's file: its owner could no longer read it.</summary>
    public void RefuseOtherOwner()
    {
        using var file = OpenFit();
        if (file.Owner is { } owner && owner != LinuxFiles.EffectiveUser()) throw Unfit("belongs to another user: rotate as the user that runs the server");
    }

    /// <summary>Options that make a file private from its first moment.</summary>
    public static FileStreamOptions PrivateFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
        return options;
    }

    private OpenedFile OpenFit()
    {
        RefuseSharedDirectory();
        for (var attempt = 0; attempt < MaxOpens; attempt++)
        {
            if (new FileInfo(path).LinkTarget is not null) throw Unfit("is a symbolic link");
            var file = OpenedFile.Open(path) ?? throw Unfit("is missing: restore it from your backup");
            try
            {
                if (file.Kind != FileKind.Regular) throw Unfit("is not a regular file");
                if (file.Mode is { } mode && (mode & OfOthers) != UnixFileMode.None) throw Unfit($"is open to other users; run: chmod 600 {path}");
                if (IsInPlace(file)) return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }

        throw Unfit("was replaced again and again while it was opened");
    }

    // Else a link took its place since we looked, or a rotation put a newer file there.
    private bool IsInPlace(OpenedFile file)
    {
        using var directory = OpenedFile.Open(_directory);
        return directory is not null && file.RealPath == System.IO.Path.Join(directory.RealPath, System.IO.Path.GetFileName(path));
    }

    private void RefuseSharedDirectory()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(_directory)) return;
        if ((File.GetUnixFileMode(_directory) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw Unfit($"lies in a directory other users may write to; run: chmod go-w {_directory}");
    }

    private static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, Private | UnixFileMode.UserExecute);
        if (OperatingSystem.IsLinux() && System.IO.Path.GetDirectoryName(directory) is { } above) LinuxFiles.Sync(above);
    }

    private VaultException Unfit(string why) => new($"The vault's key file {path} {why}.");
}

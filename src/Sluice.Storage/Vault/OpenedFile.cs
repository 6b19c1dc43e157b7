using Microsoft.Win32.SafeHandles;

namespace Sluice.Storage.Vault;

/// <summary>
/// A file opened for reading, with its real path and kind as facts about what is open. Asking the path again could get another answer:
/// whoever may write beside it can swap a link between the question and the opening.
/// </summary>
internal sealed class OpenedFile(SafeFileHandle? handle, string realPath, FileKind kind, uint? owner) : IDisposable
{
    /// <summary>The path without any link.</summary>
    public string RealPath => realPath;

    public FileKind Kind => kind;

    /// <summary>The owning user's id, where the system has one.</summary>
    public uint? Owner => owner;

    /// <summary>Who may do what; null on a system without modes.</summary>
    public UnixFileMode? Mode => handle is null || OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(handle);

    /// <summary>Opens what is there without ever waiting for it; null when there is nothing.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not open it.</exception>
    public static OpenedFile? Open(string path) => OperatingSystem.IsLinux() ? LinuxFiles.Open(path) : PortableFiles.Open(path);

    /// <summary>Reads from the start until the end or until the buffer is full; returns how many bytes.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (handle is null || kind != FileKind.Regular) throw new IOException("Only a regular file is read.");
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await RandomAccess.ReadAsync(handle, buffer[length..], length, cancellationToken);
            if (read == 0) break;
            length += read;
        }

        return length;
    }

    public void Dispose() => handle?.Dispose();
}

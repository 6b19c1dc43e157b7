using System.Runtime.Versioning;

namespace Sluice.Server;

/// <summary>
/// The server's directory, for nobody but its own user: whoever can write there puts a file of their own in place of the database, the
/// settings or the vault's key.
/// </summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes the directory, or takes one that is there.</summary>
    /// <exception cref="IOException">Others can write to it, and that is not the server's to change.</exception>
    public static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        Directory.CreateDirectory(directory, OwnerOnly);
        // A link's own mode says nothing.
        var real = Directory.ResolveLinkTarget(directory, returnFinalTarget: true)?.FullName ?? directory;
        // Such as /tmp: closing it would lock everybody else out of theirs.
        if ((File.GetUnixFileMode(real) & UnixFileMode.StickyBit) == 0 && TryClose(real)) return;
        if ((File.GetUnixFileMode(real) & OthersWrite) != 0)
            throw new IOException($"Other users of this machine can write to {directory}, and it is not this server's to close: name a directory of its own with --data.");
    }

    // Read again, for there are file systems that take a mode and keep their own.
    [UnsupportedOSPlatform("windows")]
    private static bool TryClose(string directory)
    {
        try
        {
            File.SetUnixFileMode(directory, OwnerOnly);
            return File.GetUnixFileMode(directory) == OwnerOnly;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}

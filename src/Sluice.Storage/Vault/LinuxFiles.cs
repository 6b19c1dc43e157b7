using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Storage.Vault;

/// <summary>
/// What .NET does not offer on Linux: opening without waiting at a pipe, and asking the open file itself for its path, kind and owner. The
/// constants are those of every architecture .NET runs on; the flags that differ between them (O_NOFOLLOW, O_DIRECTORY) are not needed.
/// </summary>
internal static class LinuxFiles
{
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int EmptyPath = 0x1000;
    private const uint TypeAndOwner = 0x1 | 0x8;

    // struct statx, the same on all architectures: stx_uid at 20, stx_mode at 28, 256 bytes.
    private const int StatSize = 256;
    private const int OwnerAt = 20;
    private const int ModeAt = 28;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int DirectoryType = 0x4000;

    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int NotADirectory = 20;

    public static OpenedFile? Open(string path)
    {
        if (Descriptor(path) is not { } handle) return null;
        try
        {
            var number = (int)handle.DangerousGetHandle();
            var (mode, owner) = Stat(number);
            var real = File.ResolveLinkTarget($"/proc/self/fd/{number.ToString(CultureInfo.InvariantCulture)}", returnFinalTarget: false)?.ToString();

            // A name that is no UTF-8 reads as replacement characters, and then two names look the same.
            if (real is null || real.Contains('\uFFFD')) throw new IOException("The system does not tell the file's real path.");
            var kind = (mode & TypeMask) switch
            {
                RegularType => FileKind.Regular,
                DirectoryType => FileKind.Directory,
                _ => FileKind.Other,
            };
            return new OpenedFile(handle, real, kind, owner);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Makes a directory's new entries outlive a power cut.</summary>
    public static void Sync(string directory)
    {
        using var handle = Descriptor(directory);
        if (handle is null || NativeSync((int)handle.DangerousGetHandle()) != 0) throw new IOException("The directory can't be synced.");
    }

    /// <summary>The user this process acts as.</summary>
    public static uint EffectiveUser() => NativeEffectiveUser();

    private static SafeFileHandle? Descriptor(string path)
    {
        if (path.Contains('\0')) return null;
        byte[] bytes = [.. Encoding.UTF8.GetBytes(path), 0];
        while (true)
        {
            var number = NativeOpen(bytes, ReadOnlyNonBlockingCloseOnExec);
            if (number >= 0) return new SafeFileHandle(number, ownsHandle: true);
            var error = Marshal.GetLastPInvokeError();
            if (error is NoEntry or NotADirectory) return null;
            if (error == AccessDenied) throw new UnauthorizedAccessException("The file may not be opened.");
            if (error != Interrupted) throw new IOException($"The file can't be opened (error {error}).");
        }
    }

    private static (int Mode, uint Owner) Stat(int number)
    {
        var stat = new byte[StatSize];
        if (NativeStat(number, [0], EmptyPath, TypeAndOwner, stat) != 0) throw new IOException("The file's kind can't be told.");
        return (BitConverter.ToUInt16(stat, ModeAt), BitConverter.ToUInt32(stat, OwnerAt));
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeStat(int directory, byte[] path, int flags, uint mask, [Out] byte[] result);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSync(int descriptor);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint NativeEffectiveUser();
}

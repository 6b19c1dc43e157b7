namespace Sluice.Storage.Vault;

/// <summary>What was opened.</summary>
internal enum FileKind
{
    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A pipe, a socket, a device.</summary>
    Other,
}

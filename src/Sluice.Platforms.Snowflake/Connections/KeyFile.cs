namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>What the documented object of a private key says besides its content.</summary>
/// <param name="KeyName">A label; the documented one when left out.</param>
/// <param name="UserFilename">The file's name on the machine of whoever registered it; shown, never opened.</param>
internal sealed record KeyFile(string KeyName, string? UserFilename);

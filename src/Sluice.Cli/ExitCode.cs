namespace Sluice.Cli;

/// <summary>What a command ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    /// <summary>A plan has changes: for scripts that only ask.</summary>
    public const int Changes = 2;
}

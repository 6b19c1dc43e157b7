namespace Sluice.Cli.Setup;

/// <summary><c>sluice backup</c>: the server's database, copied while it runs.</summary>
internal static class BackupCommand
{
    public const string Description = "Copy the server's database to a FILE that is not there yet, without the vault's key; the server may run meanwhile.";

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var file = arguments is [var first, ..] && !first.StartsWith('-') ? first : null;
        var flags = file is null ? arguments : arguments[1..];
        if (file is null && !Serving.ServeCommand.AsksForHelp(flags))
        {
            await Console.Error.WriteLineAsync("sluice: backup needs a file: sluice backup FILE --data DIR");
            return ExitCode.Usage;
        }

        try
        {
            return await OperatorCommands.WithSettingsAsync("backup FILE", Description, flags, async settings =>
            {
                await Server.ServerTools.BackUpAsync(settings, file!, CancellationToken.None);
                Console.WriteLine($"The database is in {file}. The vault's key is not: back it up apart from it.");
            });
        }
        catch (NotSupportedException e)
        {
            await Console.Error.WriteLineAsync($"sluice: {e.Message}");
            return ExitCode.Failure;
        }
    }
}

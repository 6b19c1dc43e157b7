namespace Sluice.Sandbox.Aws.Wire;

/// <summary>An operation of a JSON service.</summary>
/// <param name="Service">glue or lakeformation.</param>
/// <param name="Name">As AWS names it.</param>
/// <param name="Run">Reads the call's input and writes its answer.</param>
/// <param name="Writes">Changes the account, so it runs alone.</param>
internal sealed record Operation(string Service, string Name, Action<Call> Run, bool Writes = false)
{
    /// <summary>The IAM action, and the name it is counted under.</summary>
    public string Action { get; } = $"{Service}:{Name}";
}

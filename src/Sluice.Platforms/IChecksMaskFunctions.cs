using Sluice.Core.Policies;

namespace Sluice.Platforms;

/// <summary>A session whose platform calls functions of the operator's for custom masks, and that can tell whether it may.</summary>
public interface IChecksMaskFunctions
{
    /// <summary>The check's name.</summary>
    const string CheckName = "mask functions";

    /// <summary>Checks that the functions are there, take one value and may be called, each missing privilege with its remedy. Nothing is run of theirs.</summary>
    /// <param name="schemas">The connection's <c>settings.maskFunctionSchemas</c>.</param>
    /// <param name="masks">The custom masks of the policies in force.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>One check; null where no mask asks for a function here.</returns>
    Task<Check?> CheckMaskFunctionsAsync(IReadOnlyList<string> schemas, IReadOnlyList<MaskFunction.Custom> masks, CancellationToken cancellationToken);
}

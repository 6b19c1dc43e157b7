using System.Globalization;

namespace Sluice.Sandbox.Databricks.Execution.Dialect;

/// <summary>Floating-point numbers as texts: 2.5, 2.0, 1.0E10, as the casts of the language manual's cast page show them.</summary>
internal static class SparkNumbers
{
    public static string Text(double number) => Spelled(number, number.ToString("E16", CultureInfo.InvariantCulture), number.ToString("R", CultureInfo.InvariantCulture));

    public static string Text(float number) => Spelled(number, number.ToString("E8", CultureInfo.InvariantCulture), number.ToString("R", CultureInfo.InvariantCulture));

    private static string Spelled(double number, string scientific, string shortest)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";
        var sign = number < 0 ? "-" : "";
        // The shortest digits that read back as the number, and where their point stands.
        var digits = new string([.. shortest.Split('E')[0].Where(char.IsAsciiDigit)]).TrimStart('0').TrimEnd('0');
        if (digits.Length == 0) digits = "0";
        var exponent = int.Parse(scientific.Split('E')[1], CultureInfo.InvariantCulture);
        if (exponent is < -3 or >= 7) return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var whole = digits.PadRight(exponent + 1, '0')[..(exponent + 1)];
        var fraction = digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0";
        return $"{sign}{whole}.{fraction}";
    }
}
